output "host" {
  description = "Address of the one that is written to."
  value       = google_redis_instance.this.host
}

output "port" {
  description = "Its port, for encrypted connections."
  value       = google_redis_instance.this.port
}

output "id" {
  description = "What alarms call it."
  value       = google_redis_instance.this.id
}
