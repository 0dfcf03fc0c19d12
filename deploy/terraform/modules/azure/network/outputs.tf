output "network" {
  description = "The network."
  value       = azurerm_virtual_network.this.id
}

output "host_subnet" {
  description = "For hosts; who takes it waits until its rules are in force."
  value       = azurerm_subnet.hosts.id
  depends_on  = [azurerm_subnet_network_security_group_association.hosts, azurerm_subnet_nat_gateway_association.hosts]
}

output "mysql_subnet" {
  description = "For managed MySQL."
  value       = azurerm_subnet.mysql.id
  depends_on  = [azurerm_subnet_network_security_group_association.managed]
}

output "private_subnet" {
  description = "Where other managed services are reached."
  value       = azurerm_subnet.private.id
  depends_on  = [azurerm_subnet_network_security_group_association.managed]
}

output "marks" {
  description = "What rules of the network go by: host, way-in, web."
  value       = { for mark, group in azurerm_application_security_group.this : mark => group.id }
}
