# Which host does what: the same on every cloud. The groups of the only host are all there are; else they are spread as the
# inventory `small` of Ansible tells.

terraform {
  required_version = ">= 1.9"
}

locals {
  everything = ["web", "workers", "beat", "mysql", "mongodb", "rabbitmq", "redis", "backup", "monitoring"]

  one = {
    site1 = { type = var.web.type, disk_gb = var.web.disk_gb, place = 0, public = true, groups = local.everything }
  }

  web = {
    for number in range(var.web.count) : "web${number + 1}" => {
      type = var.web.type, disk_gb = var.web.disk_gb, place = number, public = false, groups = ["web"]
    }
  }

  workers = {
    for number in range(var.workers.count) : "worker${number + 1}" => {
      type    = var.workers.type, place = number, public = false
      disk_gb = var.workers.disk_gb + (number == 0 ? var.workers.backup_gb : 0)
      groups  = number == 0 ? ["workers", "beat", "backup", "monitoring"] : ["workers"]
    }
  }

  data = {
    for number in range(var.data.count) : "data${number + 1}" => {
      type = var.data.type, disk_gb = var.data.disk_gb, place = number, public = false
      groups = concat(
        ["mongodb"],
        var.rabbitmq_is_self ? ["rabbitmq"] : [],
        !var.mysql_is_managed && number < 2 ? ["mysql"] : [],
        !var.redis_is_managed && number == 0 ? ["redis"] : [],
      )
    }
  }

  jump = var.jump == "" ? {} : {
    jump1 = { type = var.jump, disk_gb = 30, place = 0, public = true, groups = ["jump"] }
  }

  several = merge(local.web, local.workers, local.data, local.jump)
}
