output "address" {
  description = "Address that the site's name points to."
  value       = google_compute_global_address.this.address
}

output "backend" {
  description = "What alarms call the group of web hosts."
  value       = google_compute_backend_service.web.name
}
