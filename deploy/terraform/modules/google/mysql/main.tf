# Cloud SQL for MySQL: the state of learners. It has an address in the network only, and takes encrypted connections only.
# The administrator's password never comes into the state of Terraform: the guide tells how to put it into the secret.

resource "google_sql_database_instance" "this" {
  name                = var.name
  region              = var.region
  database_version    = "MYSQL_8_0"
  deletion_protection = var.deletion_protection

  settings {
    tier                        = var.type
    edition                     = "ENTERPRISE"
    availability_type           = var.multi_az ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = var.storage_gb
    disk_autoresize             = true
    disk_autoresize_limit       = var.storage_gb * 4
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = var.deletion_protection

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      binary_log_enabled             = true
      start_time                     = "02:00"
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 14
        retention_unit   = "COUNT"
      }
    }

    maintenance_window {
      day          = 7
      hour         = 3
      update_track = "stable"
    }

    insights_config {
      query_insights_enabled = var.insights
    }

    database_flags {
      name  = "character_set_server"
      value = "utf8mb4"
    }

    database_flags {
      name  = "transaction_isolation"
      value = "READ-COMMITTED"
    }

    database_flags {
      name  = "local_infile"
      value = "off"
    }
  }

  lifecycle {
    ignore_changes = [settings[0].disk_size] # it grows by itself
  }
}

resource "google_sql_database" "this" {
  name     = "lykeion"
  instance = google_sql_database_instance.this.name
  charset  = "utf8mb4"
}

resource "google_secret_manager_secret" "administrator" {
  secret_id = "${var.name}-mysql-administrator"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }
}
