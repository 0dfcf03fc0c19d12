output "session_template" {
  description = "Where sessions come from."
  value       = google_dataproc_session_template.this.name
}
