output "hosts" {
  description = "Hosts as the inventory has them."
  value = [
    for name, host in var.hosts : {
      name            = name
      groups          = host.groups
      address         = host.public ? aws_eip.public[name].public_ip : aws_network_interface.host[name].private_ip
      private_address = aws_network_interface.host[name].private_ip
    }
  ]
}

output "instance_ids" {
  description = "By name."
  value       = { for name, host in aws_instance.host : name => host.id }
}

output "security_group" {
  description = "Of the hosts."
  value       = aws_security_group.hosts.id
}
