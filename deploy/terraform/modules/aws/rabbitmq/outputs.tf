output "host" {
  description = "Address, without the port."
  value       = regex("//([^:]+)", aws_mq_broker.this.instances[0].endpoints[0])[0]
}

output "identifier" {
  description = "What alarms call it."
  value       = var.name
}
