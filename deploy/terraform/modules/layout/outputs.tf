output "hosts" {
  description = "Hosts by name: machine type, disk, place (which zone), whether it is reached from outside, groups."
  value       = { for name, host in merge(local.one, local.several) : name => host if(name == "site1") == var.one_host }

  precondition {
    condition     = var.one_host || (var.workers.count >= 1 && var.data.count >= 3 && var.jump != "")
    error_message = "Several hosts: workers.count must be at least 1, data.count 3 or 5, and jump a machine type."
  }

  precondition {
    condition     = !var.one_host || (!var.mysql_is_managed && !var.redis_is_managed && var.rabbitmq_is_self && var.web.count == 1 && var.workers.count == 0 && var.data.count == 0)
    error_message = "One host: mysql, redis and rabbitmq have the mode self, web.count is 1, workers.count and data.count are 0."
  }
}
