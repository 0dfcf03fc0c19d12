output "inventory" {
  description = "What Ansible is told: deploy/contract/inventory.schema.json. No secret is in it."
  value = {
    cloud        = "aws"
    region       = var.region
    name         = var.name
    site_url     = var.site_url
    ansible_user = "admin"
    hosts        = module.compute.hosts
    mysql = {
      mode          = local.mysql_is_managed ? "external" : "self"
      host          = join("", module.mysql[*].host)
      port          = 3306
      administrator = join("", module.mysql[*].administrator)
      secret        = join("", module.mysql[*].secret_arn)
    }
    redis = {
      mode = local.redis_is_managed ? "external" : "self"
      host = join("", module.redis[*].host)
      port = 6379
    }
    rabbitmq = {
      mode = local.rabbitmq_is_self ? "self" : "external"
      host = join("", module.rabbitmq[*].host)
      port = 5671
    }
    files = {
      mode   = var.one_host ? "local" : "nfs"
      source = module.storage.files_source
    }
    buckets           = module.storage.buckets
    balancer          = join("", module.balancer[*].address)
    balancer_networks = var.one_host ? [] : [var.network]
    scaled_networks   = var.autoscale.image == "" ? [] : module.network.host_networks
    spark             = join("", module.spark[*].application_id)
  }
}

output "records" {
  description = "Records to make where the site's name is kept elsewhere."
  value = var.dns_zone != "" ? [] : concat(
    [{ name = local.host, type = var.one_host ? "A" : "CNAME", value = var.one_host ? module.compute.hosts[0].address : join("", module.balancer[*].address) }],
    flatten(module.balancer[*].validation),
  )
}
