output "host" {
  description = "Address."
  value       = google_sql_database_instance.this.private_ip_address
}

output "identifier" {
  description = "What alarms call it."
  value       = google_sql_database_instance.this.name
}

output "secret" {
  description = "Secret that holds the administrator's password."
  value       = google_secret_manager_secret.administrator.secret_id
}

output "administrator" {
  description = "Who makes the site's users."
  value       = "root" # who is there from the start
}
