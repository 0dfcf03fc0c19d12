# Buckets, and the folder that all hosts share. Google encrypts all of it.

locals {
  # What each holds, and for how many days old versions of it are kept.
  holds = { files = 90, backups = 90, tracking = 30, lake = 7 }
}

resource "google_storage_bucket" "this" {
  for_each                    = local.holds
  name                        = "${var.project}-${var.name}-${each.key}"
  location                    = var.region
  force_destroy               = !var.deletion_protection
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  # Who may delete may delete old versions too; nothing that was deleted is gone before this.
  soft_delete_policy {
    retention_duration_seconds = (each.key == "backups" ? 30 : 7) * 24 * 3600
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      days_since_noncurrent_time = each.value
      with_state                 = "ARCHIVED"
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }

    condition {
      age = 7
    }
  }
}

resource "google_filestore_instance" "this" {
  count                       = var.shared_files ? 1 : 0
  name                        = var.name
  location                    = var.region
  tier                        = "REGIONAL" # copies in three zones
  deletion_protection_enabled = var.deletion_protection

  file_shares {
    name        = "files"
    capacity_gb = var.files_gb
  }

  networks {
    network      = var.network
    modes        = ["MODE_IPV4"]
    connect_mode = "PRIVATE_SERVICE_ACCESS"
  }
}
