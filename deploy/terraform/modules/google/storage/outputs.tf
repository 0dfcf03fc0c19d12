output "buckets" {
  description = "Names by what they hold: backups, tracking, lake."
  value       = { for holds, bucket in google_storage_bucket.this : holds => bucket.name }
}

output "files_source" {
  description = "What hosts mount; '' where nothing is shared."
  value       = var.shared_files ? "${google_filestore_instance.this[0].networks[0].ip_addresses[0]}:/files" : ""
}
