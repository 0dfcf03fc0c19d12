locals {
  host             = trimprefix(var.site_url, "https://")
  user             = "siteadmin"
  mysql_is_managed = var.mysql.mode == "managed"
  redis_is_managed = var.redis.mode == "managed"
  address          = var.one_host ? module.compute.hosts[0].address : join("", module.balancer[*].address)

  # Names that are the world's: at most 20 letters and digits, the same at each run.
  world = "${substr(replace(var.name, "-", ""), 0, 14)}${substr(sha256(var.subscription), 0, 6)}"
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

resource "azurerm_resource_group" "this" {
  name     = var.name
  location = var.region
  tags     = { site = var.name, made-by = "terraform" }
}

module "network" {
  source         = "../modules/azure/network"
  name           = var.name
  group          = azurerm_resource_group.this.name
  region         = var.region
  cidr           = var.network
  admin_networks = var.admin_networks
  way_out        = !var.one_host
}

module "identity" {
  source           = "../modules/azure/identity"
  name             = var.name
  group            = azurerm_resource_group.this.name
  region           = var.region
  vault_name       = "${local.world}kv"
  subnet           = module.network.host_subnet
  admin_networks   = var.admin_networks
  secrets          = local.mysql_is_managed ? { mysql-administrator = var.mysql_password } : {}
  storage_accounts = module.storage.accounts
}

module "storage" {
  source              = "../modules/azure/storage"
  name                = var.name
  group               = azurerm_resource_group.this.name
  region              = var.region
  prefix              = local.world
  subnet              = module.network.host_subnet
  shared_files        = !var.one_host
  files_gb            = var.files_gb
  deletion_protection = var.deletion_protection
}

module "compute" {
  source         = "../modules/azure/compute"
  name           = var.name
  group          = azurerm_resource_group.this.name
  region         = var.region
  subnet         = module.network.host_subnet
  zones          = var.zones
  marks          = module.network.marks
  hosts          = module.layout.hosts
  image          = var.image
  user           = local.user
  ssh_public_key = var.ssh_public_key
  identity       = module.identity.host
  pools          = module.balancer[*].pool
  autoscale      = { image = var.autoscale.image, type = var.web.type, most = var.autoscale.most }
}

module "balancer" {
  count  = var.one_host ? 0 : 1
  source = "../modules/azure/balancer"
  name   = var.name
  group  = azurerm_resource_group.this.name
  region = var.region
}

resource "azurerm_dns_a_record" "site" {
  count               = var.dns_zone == "" ? 0 : 1
  name                = trimsuffix(local.host, ".${reverse(split("/", var.dns_zone))[0]}")
  resource_group_name = split("/", var.dns_zone)[4]
  zone_name           = reverse(split("/", var.dns_zone))[0]
  ttl                 = 300
  records             = [local.address]
}

module "mysql" {
  count               = local.mysql_is_managed ? 1 : 0
  source              = "../modules/azure/mysql"
  name                = var.name
  group               = azurerm_resource_group.this.name
  region              = var.region
  server_name         = "${local.world}-mysql"
  network             = module.network.network
  subnet              = module.network.mysql_subnet
  type                = var.mysql.type
  storage_gb          = var.mysql.storage_gb
  multi_az            = var.mysql.multi_az
  password            = var.mysql_password
  deletion_protection = var.deletion_protection
}

module "redis" {
  count   = local.redis_is_managed ? 1 : 0
  source  = "../modules/azure/redis"
  name    = var.name
  group   = azurerm_resource_group.this.name
  region  = var.region
  network = module.network.network
  subnet  = module.network.private_subnet
  type    = var.redis.type
  doubled = var.redis.nodes > 1
}

module "monitoring" {
  source             = "../modules/azure/monitoring"
  name               = var.name
  group              = azurerm_resource_group.this.name
  group_id           = azurerm_resource_group.this.id
  email              = var.alarm_email
  monthly_budget_usd = var.monthly_budget_usd
  has_mysql          = local.mysql_is_managed
  has_balancer       = !var.one_host
  mysql              = join("", module.mysql[*].id)
  mysql_connections  = floor(var.mysql.connections * 0.9)
  has_redis          = local.redis_is_managed
  redis_id           = join("", module.redis[*].id)
  balancer           = join("", module.balancer[*].id)
}

module "spark" {
  count          = var.spark_cores > 0 ? 1 : 0
  source         = "../modules/azure/spark"
  name           = var.name
  group          = azurerm_resource_group.this.name
  region         = var.region
  workspace_name = "${local.world}-spark"
  network        = module.network.network
  subnet         = module.network.private_subnet
  cores          = var.spark_cores
  lake_url       = module.storage.lake_url
  lake_account   = module.storage.accounts.lake
  logs_account   = module.storage.accounts.kept
}
