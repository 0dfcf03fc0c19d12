output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "public_subnets" {
  description = "For the balancer, one for each zone."
  value       = aws_subnet.public[*].id
}

output "host_subnets" {
  description = "For hosts, one for each zone."
  value       = aws_subnet.hosts[*].id
}

output "data_subnets" {
  description = "For managed databases, one for each zone."
  value       = aws_subnet.data[*].id
}

output "host_networks" {
  description = "Addresses of hosts."
  value       = aws_subnet.hosts[*].cidr_block
}
