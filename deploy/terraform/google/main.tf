locals {
  host             = trimprefix(var.site_url, "https://")
  user             = "siteadmin"
  mysql_is_managed = var.mysql.mode == "managed"
  redis_is_managed = var.redis.mode == "managed"
  address          = var.one_host ? module.compute.hosts[0].address : join("", module.balancer[*].address)
}

module "layout" {
  source           = "../modules/layout"
  one_host         = var.one_host
  web              = var.web
  workers          = var.workers
  data             = var.data
  jump             = var.jump
  mysql_is_managed = local.mysql_is_managed
  redis_is_managed = local.redis_is_managed
}

module "network" {
  source         = "../modules/google/network"
  name           = var.name
  region         = var.region
  cidr           = var.network
  zones          = var.zones
  admin_networks = var.admin_networks
  one_host       = var.one_host
}

module "identity" {
  source  = "../modules/google/identity"
  name    = var.name
  project = var.project
  buckets = module.storage.buckets
}

module "storage" {
  source              = "../modules/google/storage"
  name                = var.name
  project             = var.project
  region              = var.region
  network             = module.network.network
  shared_files        = !var.one_host
  files_gb            = var.files_gb
  deletion_protection = var.deletion_protection
}

module "compute" {
  source              = "../modules/google/compute"
  name                = var.name
  region              = var.region
  subnet              = module.network.host_subnet
  zones               = module.network.zones
  tags                = module.network.tags
  hosts               = module.layout.hosts
  image               = var.image
  user                = local.user
  ssh_public_key      = var.ssh_public_key
  identity            = module.identity.host
  deletion_protection = var.deletion_protection
  autoscale           = { image = var.autoscale.image, type = var.web.type, most = var.autoscale.most }
}

module "balancer" {
  count               = var.one_host ? 0 : 1
  source              = "../modules/google/balancer"
  name                = var.name
  host                = local.host
  groups              = concat(module.compute.web_groups, module.compute.more_web_hosts)
  requests_per_second = max(1, floor(var.autoscale.requests_per_minute / 60))
}

resource "google_dns_record_set" "site" {
  count        = var.dns_zone == "" ? 0 : 1
  managed_zone = var.dns_zone
  name         = "${local.host}."
  type         = "A"
  ttl          = 300
  rrdatas      = [local.address]
}

module "mysql" {
  count               = local.mysql_is_managed ? 1 : 0
  source              = "../modules/google/mysql"
  name                = var.name
  region              = var.region
  network             = module.network.network
  type                = var.mysql.type
  storage_gb          = var.mysql.storage_gb
  multi_az            = var.mysql.multi_az
  insights            = var.mysql.insights
  deletion_protection = var.deletion_protection
}

module "redis" {
  count     = local.redis_is_managed ? 1 : 0
  source    = "../modules/google/redis"
  name      = var.name
  region    = var.region
  network   = module.network.network
  memory_gb = tonumber(var.redis.type)
  nodes     = var.redis.nodes
}

module "monitoring" {
  source             = "../modules/google/monitoring"
  name               = var.name
  project            = var.project
  email              = var.alarm_email
  billing_account    = var.billing_account
  monthly_budget_usd = var.monthly_budget_usd
  has_mysql          = local.mysql_is_managed
  has_balancer       = !var.one_host
  mysql_identifier   = join("", module.mysql[*].identifier)
  mysql_connections  = floor(var.mysql.connections * 0.9)
  has_redis          = local.redis_is_managed
  redis_id           = join("", module.redis[*].id)
  backend            = join("", module.balancer[*].backend)
}

module "spark" {
  count   = var.spark_cores > 0 ? 1 : 0
  source  = "../modules/google/spark"
  name    = var.name
  project = var.project
  region  = var.region
  subnet  = module.network.spark_subnet
  cores   = var.spark_cores
  buckets = module.storage.buckets
}
