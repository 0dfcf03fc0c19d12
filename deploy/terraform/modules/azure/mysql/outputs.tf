output "host" {
  description = "Address."
  value       = azurerm_mysql_flexible_server.this.fqdn
}

output "id" {
  description = "What alarms call it."
  value       = azurerm_mysql_flexible_server.this.id
}

output "administrator" {
  description = "Who makes the site's users."
  value       = azurerm_mysql_flexible_server.this.administrator_login
}
