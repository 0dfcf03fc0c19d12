output "host" {
  description = "Address of the one that is written to."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "nodes" {
  description = "What alarms call its nodes, before and after it is made."
  value       = [for number in range(var.nodes) : format("%s-%03d", var.name, number + 1)]
}
