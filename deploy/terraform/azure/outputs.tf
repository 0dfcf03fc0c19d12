output "inventory" {
  description = "What Ansible is told: deploy/contract/inventory.schema.json. No secret is in it."
  value = {
    cloud        = "azure"
    region       = var.region
    name         = var.name
    site_url     = var.site_url
    ansible_user = local.user
    hosts        = module.compute.hosts
    mysql = {
      mode          = local.mysql_is_managed ? "external" : "self"
      host          = join("", module.mysql[*].host)
      port          = 3306
      administrator = join("", module.mysql[*].administrator)
      secret        = lookup(module.identity.secrets, "mysql-administrator", "")
    }
    redis = {
      mode = local.redis_is_managed ? "external" : "self"
      host = join("", module.redis[*].host)
      port = local.redis_is_managed ? 10000 : 6379 # Azure's own
    }
    rabbitmq = { mode = "self", host = "", port = 5671 }
    files = {
      mode   = var.one_host ? "local" : "nfs"
      source = module.storage.files_source
    }
    buckets           = module.storage.buckets
    balancer          = join("", module.balancer[*].address)
    balancer_networks = [] # it hands on connections as they are
    scaled_networks   = var.autoscale.image == "" ? [] : module.network.host_networks
    spark             = join("", module.spark[*].pool)
  }
}

output "records" {
  description = "Records to make where the site's name is kept elsewhere."
  value       = var.dns_zone != "" ? [] : [{ name = local.host, type = "A", value = local.address }]
}
