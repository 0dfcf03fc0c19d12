output "host" {
  description = "Who hosts are."
  value       = azurerm_user_assigned_identity.host.id
}

output "secrets" {
  description = "Where secrets are, by name."
  value       = { for name, secret in azurerm_key_vault_secret.this : name => "${azurerm_key_vault.this.name}/${secret.name}" }
}
