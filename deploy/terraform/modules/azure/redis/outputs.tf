output "host" {
  description = "Address of the one that is written to."
  value       = azurerm_managed_redis.this.hostname
}

output "id" {
  description = "What alarms call it."
  value       = azurerm_managed_redis.this.id
}
