# Spark for a lake that outgrew one host: EMR Serverless, which costs nothing while nobody measures.

resource "aws_security_group" "this" {
  name        = "${var.name}-spark"
  description = "Spark"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.this.id
  description       = "The lake"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_emrserverless_application" "this" {
  name          = "${var.name}-spark"
  release_label = "emr-7.10.0"
  type          = "spark"

  maximum_capacity {
    cpu    = "${var.cores} vCPU"
    memory = "${var.cores * 8} GB"
  }

  auto_stop_configuration {
    enabled              = true
    idle_timeout_minutes = 15
  }

  network_configuration {
    subnet_ids         = var.subnets
    security_group_ids = [aws_security_group.this.id]
  }
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["emr-serverless.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "job" {
  name               = "${var.name}-spark"
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

data "aws_iam_policy_document" "job" {
  statement {
    sid       = "Buckets"
    actions   = ["s3:ListBucket", "s3:GetBucketLocation"]
    resources = [var.bucket_arns.lake, var.bucket_arns.tracking]
  }

  statement {
    sid       = "Logs"
    actions   = ["s3:GetObject"]
    resources = ["${var.bucket_arns.tracking}/*"]
  }

  statement {
    sid       = "Lake"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = ["${var.bucket_arns.lake}/*"]
  }

  statement {
    sid       = "Key"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
}

resource "aws_iam_role_policy" "job" {
  name   = "lake"
  role   = aws_iam_role.job.id
  policy = data.aws_iam_policy_document.job.json
}
