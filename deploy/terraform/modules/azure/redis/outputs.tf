output "host" {
  description = "Address of the one that is written to."
  value       = azurerm_managed_redis.this.hostname
}
