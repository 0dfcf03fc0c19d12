# What hosts may do: read and write their own buckets, and write logs and metrics. No key of it exists. The password of the
# database's administrator is for people. All hosts are one to Google; what one deletes is kept for a while (storage).

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

resource "google_project_iam_member" "host" {
  for_each = toset(["roles/logging.logWriter", "roles/monitoring.metricWriter"])
  project  = var.project
  role     = each.value
  member   = google_service_account.host.member
}
