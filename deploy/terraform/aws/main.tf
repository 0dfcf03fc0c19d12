locals {
  host = trimprefix(var.site_url, "https://")

  mysql_is_managed = var.mysql.mode == "managed"
  redis_is_managed = var.redis.mode == "managed"
  rabbitmq_is_self = var.rabbitmq.mode == "self"
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
  rabbitmq_is_self = local.rabbitmq_is_self
}

module "network" {
  source       = "../modules/aws/network"
  name         = var.name
  region       = var.region
  cidr         = var.network
  zones        = var.zones
  nat_gateways = var.one_host ? 0 : var.deletion_protection ? var.zones : 1
}

module "identity" {
  source      = "../modules/aws/identity"
  name        = var.name
  bucket_arns = module.storage.bucket_arns
  autoscales  = var.autoscale.image != ""
}

module "storage" {
  source               = "../modules/aws/storage"
  name                 = var.name
  vpc_id               = module.network.vpc_id
  subnets              = module.network.host_subnets
  hosts_security_group = module.compute.security_group
  shared_files         = !var.one_host
  kms_key_arn          = module.identity.kms_key_arn
  deletion_protection  = var.deletion_protection
}

module "compute" {
  source              = "../modules/aws/compute"
  name                = var.name
  vpc_id              = module.network.vpc_id
  public_subnets      = module.network.public_subnets
  host_subnets        = module.network.host_subnets
  hosts               = module.layout.hosts
  image               = var.image
  one_host            = var.one_host
  admin_networks      = var.admin_networks
  ssh_public_key      = var.ssh_public_key
  instance_profile    = module.identity.instance_profile
  kms_key_arn         = module.identity.kms_key_arn
  deletion_protection = var.deletion_protection
  autoscale           = merge(var.autoscale, { type = var.web.type })
  autoscaling_role    = module.identity.autoscaling_role
  target_group_arns   = module.balancer[*].target_group_arn
  autoscale_label     = join("", [for one in module.balancer : "${one.arn_suffix}/${one.target_group_suffix}"])
}

module "balancer" {
  count                = var.one_host ? 0 : 1
  source               = "../modules/aws/balancer"
  name                 = var.name
  host                 = local.host
  zone_id              = var.dns_zone
  vpc_id               = module.network.vpc_id
  subnets              = module.network.public_subnets
  hosts_security_group = module.compute.security_group
  web_instance_ids     = { for name, id in module.compute.instance_ids : name => id if startswith(name, "web") }
  deletion_protection  = var.deletion_protection
}

resource "aws_route53_record" "one_host" {
  count   = var.one_host && var.dns_zone != "" ? 1 : 0
  zone_id = var.dns_zone
  name    = local.host
  type    = "A"
  ttl     = 300
  records = [module.compute.hosts[0].address]
}

module "mysql" {
  count                = local.mysql_is_managed ? 1 : 0
  source               = "../modules/aws/mysql"
  name                 = var.name
  vpc_id               = module.network.vpc_id
  subnets              = module.network.data_subnets
  hosts_security_group = module.compute.security_group
  type                 = var.mysql.type
  storage_gb           = var.mysql.storage_gb
  multi_az             = var.mysql.multi_az
  insights             = var.mysql.insights
  kms_key_arn          = module.identity.kms_key_arn
  deletion_protection  = var.deletion_protection
}

module "redis" {
  count                = local.redis_is_managed ? 1 : 0
  source               = "../modules/aws/redis"
  name                 = var.name
  vpc_id               = module.network.vpc_id
  subnets              = module.network.data_subnets
  hosts_security_group = module.compute.security_group
  type                 = var.redis.type
  nodes                = var.redis.nodes
  kms_key_arn          = module.identity.kms_key_arn
  password             = var.redis_password
}

module "rabbitmq" {
  count                = local.rabbitmq_is_self ? 0 : 1
  source               = "../modules/aws/rabbitmq"
  name                 = var.name
  vpc_id               = module.network.vpc_id
  subnets              = module.network.data_subnets
  hosts_security_group = module.compute.security_group
  type                 = var.rabbitmq.type
  cluster              = var.rabbitmq.cluster
  kms_key_arn          = module.identity.kms_key_arn
  password             = var.rabbitmq_password
}

module "monitoring" {
  source              = "../modules/aws/monitoring"
  name                = var.name
  email               = var.alarm_email
  monthly_budget_usd  = var.monthly_budget_usd
  kms_key_arn         = module.identity.kms_key_arn
  has_mysql           = local.mysql_is_managed
  has_balancer        = !var.one_host
  mysql_identifier    = join("", module.mysql[*].identifier)
  mysql_connections   = floor(var.mysql.connections * 0.9)
  redis_nodes         = flatten(module.redis[*].nodes)
  rabbitmq_broker     = join("", module.rabbitmq[*].identifier)
  balancer_suffix     = join("", module.balancer[*].arn_suffix)
  target_group_suffix = join("", module.balancer[*].target_group_suffix)
}

module "spark" {
  count       = var.spark_cores > 0 ? 1 : 0
  source      = "../modules/aws/spark"
  name        = var.name
  vpc_id      = module.network.vpc_id
  subnets     = module.network.host_subnets
  cores       = var.spark_cores
  bucket_arns = module.storage.bucket_arns
  kms_key_arn = module.identity.kms_key_arn
}
