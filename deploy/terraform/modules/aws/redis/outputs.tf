output "host" {
  description = "Address of the one that is written to."
  value       = aws_elasticache_replication_group.this.primary_endpoint_address
}

output "identifier" {
  description = "What alarms call it."
  value       = aws_elasticache_replication_group.this.replication_group_id
}
