output "address" {
  description = "Address that the site's name points to."
  value       = azurerm_public_ip.this.ip_address
}

output "pool" {
  description = "Where web hosts come in."
  value       = azurerm_lb_backend_address_pool.web.id
  depends_on  = [azurerm_lb_rule.web]
}

output "id" {
  description = "What alarms call it."
  value       = azurerm_lb.this.id
}
