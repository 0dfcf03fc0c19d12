output "host" {
  description = "Who hosts are."
  value       = google_service_account.host.email
}
