# Buckets, and the folder that all hosts share.

data "aws_caller_identity" "here" {}

locals {
  # What each holds, and for how many days old versions of it are kept.
  holds = { files = 90, backups = 90, tracking = 30, lake = 7 }
}

resource "aws_s3_bucket" "this" {
  for_each      = local.holds
  bucket        = "${var.name}-${data.aws_caller_identity.here.account_id}-${each.key}"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = local.holds
  bucket                  = aws_s3_bucket.this[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.holds
  bucket   = aws_s3_bucket.this[each.key].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = var.kms_key_arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = local.holds
  bucket   = aws_s3_bucket.this[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each   = local.holds
  bucket     = aws_s3_bucket.this[each.key].id
  depends_on = [aws_s3_bucket_versioning.this]

  rule {
    id     = "old-versions"
    status = "Enabled"
    filter {}

    noncurrent_version_expiration {
      noncurrent_days = each.value
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }
}

data "aws_iam_policy_document" "encrypted_ways" {
  for_each = local.holds

  statement {
    sid       = "OnlyEncrypted"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each   = local.holds
  bucket     = aws_s3_bucket.this[each.key].id
  policy     = data.aws_iam_policy_document.encrypted_ways[each.key].json
  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_efs_file_system" "this" {
  count           = var.shared_files ? 1 : 0
  encrypted       = true
  kms_key_id      = var.kms_key_arn
  throughput_mode = "elastic"
  tags            = { Name = var.name }

  lifecycle_policy {
    transition_to_ia = "AFTER_60_DAYS"
  }
}

resource "aws_efs_backup_policy" "this" {
  count          = var.shared_files ? 1 : 0
  file_system_id = aws_efs_file_system.this[0].id

  backup_policy {
    status = "ENABLED"
  }
}

resource "aws_security_group" "files" {
  count       = var.shared_files ? 1 : 0
  name        = "${var.name}-files"
  description = "Shared files"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "files" {
  count                        = var.shared_files ? 1 : 0
  security_group_id            = aws_security_group.files[0].id
  description                  = "Hosts of the site"
  referenced_security_group_id = var.hosts_security_group
  ip_protocol                  = "tcp"
  from_port                    = 2049
  to_port                      = 2049
}

resource "aws_efs_mount_target" "this" {
  count           = var.shared_files ? length(var.subnets) : 0
  file_system_id  = aws_efs_file_system.this[0].id
  subnet_id       = var.subnets[count.index]
  security_groups = [aws_security_group.files[0].id]
}
