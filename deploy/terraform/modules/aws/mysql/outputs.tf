output "host" {
  description = "Address."
  value       = aws_db_instance.this.address
}

output "identifier" {
  description = "What alarms call it."
  value       = aws_db_instance.this.identifier
}

output "secret_arn" {
  description = "Secret that holds the administrator's name and password."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "administrator" {
  description = "Who makes the site's users."
  value       = aws_db_instance.this.username
}
