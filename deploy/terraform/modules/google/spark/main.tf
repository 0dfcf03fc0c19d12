# Spark for a lake that outgrew one host: Dataproc without servers of ours, which costs nothing while nobody measures.

resource "google_service_account" "spark" {
  account_id   = "${var.name}-spark"
  display_name = "Spark of ${var.name}"
}

resource "google_project_iam_member" "spark" {
  project = var.project
  role    = "roles/dataproc.worker"
  member  = google_service_account.spark.member
}

resource "google_storage_bucket_iam_member" "lake" {
  bucket = var.buckets.lake
  role   = "roles/storage.objectUser"
  member = google_service_account.spark.member
}

resource "google_storage_bucket_iam_member" "tracking" {
  bucket = var.buckets.tracking
  role   = "roles/storage.objectViewer"
  member = google_service_account.spark.member
}

resource "google_dataproc_session_template" "this" {
  name     = "projects/${var.project}/locations/${var.region}/sessionTemplates/${var.name}"
  location = var.region

  spark_connect_session {}

  environment_config {
    execution_config {
      service_account = google_service_account.spark.email
      subnetwork_uri  = var.subnet
      idle_ttl        = "900s"
    }
  }

  runtime_config {
    version = "2.3"

    properties = {
      "spark.executor.cores"                 = "4"
      "spark.dynamicAllocation.enabled"      = "true"
      "spark.dynamicAllocation.maxExecutors" = tostring(floor(var.cores / 4))
    }
  }
}
