# What hosts may do: their own buckets and secrets, and to write logs and metrics. No key of it exists.

resource "google_service_account" "host" {
  account_id   = "${var.name}-host"
  display_name = "Hosts of ${var.name}"
}

resource "google_storage_bucket_iam_member" "host" {
  for_each = var.buckets
  bucket   = each.value
  role     = "roles/storage.objectUser"
  member   = google_service_account.host.member
}

resource "google_secret_manager_secret_iam_member" "host" {
  for_each  = var.secrets
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.host.member
}

resource "google_project_iam_member" "host" {
  for_each = toset(["roles/logging.logWriter", "roles/monitoring.metricWriter"])
  project  = var.project
  role     = each.value
  member   = google_service_account.host.member
}
