output "hosts" {
  description = "Hosts as the inventory has them."
  value = [
    for name, host in var.hosts : {
      name            = name
      groups          = host.groups
      address         = host.public ? azurerm_public_ip.host[name].ip_address : azurerm_network_interface.host[name].private_ip_address
      private_address = azurerm_network_interface.host[name].private_ip_address
    }
  ]
}
