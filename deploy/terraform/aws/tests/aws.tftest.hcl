# The plan of each size, without AWS: what must never be otherwise. `terraform test`

mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["x-1a", "x-1b", "x-1c"] }
  }

  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }

  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:eu-central-1:123456789012:key/0" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:eu-central-1:123456789012:alarms" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/x" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/x/0" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/x/0" }
  }

  mock_resource "aws_acm_certificate" {
    defaults = { arn = "arn:aws:acm:eu-central-1:123456789012:certificate/0", domain_validation_options = [] }
  }

  mock_resource "aws_launch_template" {
    defaults = { id = "lt-0123456789abcdef0", latest_version = 1 }
  }

  mock_resource "aws_db_instance" {
    defaults = {
      address            = "db.example"
      master_user_secret = [{ secret_arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db", kms_key_id = "", secret_status = "active" }]
    }
  }
}

variables {
  name               = "lykeion"
  region             = "eu-central-1"
  site_url           = "https://learn.example.org"
  admin_networks     = ["203.0.113.0/24"]
  ssh_public_key     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA0000000000000000000000000000000000000000 test"
  alarm_email        = "ops@example.org"
  monthly_budget_usd = 1000
  web                = { count = 3, type = "c6i.xlarge" }
  workers            = { count = 2, type = "c6i.large" }
  data               = { count = 3, type = "m6i.large" }
  jump               = "t3.micro"
  mysql              = { mode = "managed", type = "db.m6g.large" }
  redis              = { mode = "managed", type = "cache.m6g.large", nodes = 2 }
  redis_password     = "abcdefghijklmnop1234"
  rabbitmq           = { mode = "self" }
}

run "databases_are_private_encrypted_and_doubled" {
  module {
    source = "../modules/aws/mysql"
  }

  variables {
    vpc_id               = "vpc-1"
    subnets              = ["subnet-1", "subnet-2"]
    hosts_security_group = "sg-1"
    type                 = "db.m6g.large"
    storage_gb           = 100
    multi_az             = true
    insights             = true
    kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/0"
    deletion_protection  = true
  }

  assert {
    condition     = !aws_db_instance.this.publicly_accessible && aws_db_instance.this.storage_encrypted
    error_message = "MySQL is never public, and always encrypted."
  }

  assert {
    condition     = aws_db_instance.this.multi_az && aws_db_instance.this.backup_retention_period >= 14 && aws_db_instance.this.deletion_protection
    error_message = "MySQL has another in a second zone, two weeks of backups, and is not deleted by mistake."
  }

  assert {
    condition     = aws_db_instance.this.manage_master_user_password == true && aws_db_instance.this.password == null
    error_message = "The administrator's password is kept by AWS, not by the state."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.hosts.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.hosts.from_port == 3306
    error_message = "Only hosts of the site reach MySQL, on its port."
  }
}

run "redis_is_encrypted_and_takes_over" {
  module {
    source = "../modules/aws/redis"
  }

  variables {
    vpc_id               = "vpc-1"
    subnets              = ["subnet-1", "subnet-2"]
    hosts_security_group = "sg-1"
    type                 = "cache.m6g.large"
    nodes                = 2
    kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/0"
    password             = "abcdefghijklmnop1234"
  }

  assert {
    condition     = tobool(aws_elasticache_replication_group.this.at_rest_encryption_enabled) && aws_elasticache_replication_group.this.transit_encryption_enabled
    error_message = "Redis is encrypted at rest and on the way."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled && aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "Another node takes over."
  }
}

run "buckets_are_private_encrypted_and_keep_versions" {
  module {
    source = "../modules/aws/storage"
  }

  variables {
    vpc_id               = "vpc-1"
    subnets              = ["subnet-1", "subnet-2"]
    hosts_security_group = "sg-1"
    shared_files         = true
    kms_key_arn          = "arn:aws:kms:eu-central-1:123456789012:key/0"
    deletion_protection  = true
  }

  assert {
    condition     = toset(keys(aws_s3_bucket.this)) == toset(["files", "backups", "tracking", "lake"])
    error_message = "There is a bucket for files, backups, tracking logs and the lake."
  }

  assert {
    condition = alltrue([
      for one in aws_s3_bucket_public_access_block.this :
      one.block_public_acls && one.block_public_policy && one.ignore_public_acls && one.restrict_public_buckets
    ])
    error_message = "No bucket can become public."
  }

  assert {
    condition     = alltrue([for one in aws_s3_bucket_versioning.this : one.versioning_configuration[0].status == "Enabled"]) && alltrue([for one in aws_s3_bucket.this : !one.force_destroy])
    error_message = "Buckets keep old versions, and are not deleted with what they hold."
  }

  assert {
    condition     = aws_efs_file_system.this[0].encrypted
    error_message = "Shared files are encrypted."
  }
}

run "hosts_are_encrypted_private_and_reached_by_administrators_alone" {
  module {
    source = "../modules/aws/compute"
  }

  variables {
    vpc_id              = "vpc-1"
    public_subnets      = ["subnet-p"]
    host_subnets        = ["subnet-1", "subnet-2", "subnet-3"]
    image               = ""
    one_host            = false
    instance_profile    = "host"
    kms_key_arn         = "arn:aws:kms:eu-central-1:123456789012:key/0"
    deletion_protection = true
    target_group_arns   = ["arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/x/0"]
    autoscale_label     = "app/x/0/targetgroup/x/0"
    autoscaling_role    = "arn:aws:iam::123456789012:role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling_lykeion"
    autoscale           = { image = "ami-1", type = "c6i.xlarge", most = 9, requests_per_minute = 6000 }
    hosts = {
      web1  = { type = "c6i.xlarge", disk_gb = 30, place = 0, public = false, groups = ["web"] }
      web2  = { type = "c6i.xlarge", disk_gb = 30, place = 1, public = false, groups = ["web"] }
      jump1 = { type = "t3.micro", disk_gb = 10, place = 0, public = true, groups = ["jump"] }
    }
  }

  assert {
    condition     = alltrue([for host in aws_instance.host : host.root_block_device[0].encrypted && host.metadata_options[0].http_tokens == "required"])
    error_message = "Disks are encrypted, and no page of a host reads its identity by a forged request."
  }

  assert {
    condition     = toset(keys(aws_eip.public)) == toset(["jump1"]) && aws_network_interface.host["web1"].subnet_id != aws_network_interface.host["web2"].subnet_id
    error_message = "Only the jump host is reached from outside; web hosts are in several zones."
  }

  assert {
    condition     = toset(keys(aws_network_interface.host)) == toset(["web1", "web2", "jump1"]) && alltrue([for host in aws_instance.host : one(host.network_interface).device_index == 0])
    error_message = "A host that is made anew keeps its address."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.ssh : rule.cidr_ipv4] == ["203.0.113.0/24"] && length(aws_vpc_security_group_ingress_rule.web) == 0
    error_message = "SSH is for administrators; hosts behind a balancer are not reached by the public."
  }

  assert {
    condition     = aws_autoscaling_group.web[0].max_size == 9 && aws_autoscaling_group.web[0].health_check_type == "EC2"
    error_message = "More web hosts come with the load, and are not replaced while they take a release."
  }
}

run "hosts_read_and_write_buckets_and_nothing_else" {
  module {
    source = "../modules/aws/identity"
  }

  variables {
    bucket_arns = { files = "arn:aws:s3:::files", backups = "arn:aws:s3:::backups" }
    autoscales  = true
  }

  assert {
    condition = toset(flatten([for one in data.aws_iam_policy_document.host.statement : one.actions])) == toset([
      "s3:ListBucket", "s3:GetBucketLocation", "s3:GetObject", "s3:PutObject", "s3:DeleteObject", "kms:Decrypt", "kms:GenerateDataKey",
    ])
    error_message = "A host reads no secret of the account, and deletes no old version of a backup."
  }

  assert {
    condition = anytrue([
      for one in data.aws_iam_policy_document.key.statement :
      contains(one.actions, "kms:CreateGrant") && anytrue([for only in one.condition : only.variable == "kms:GrantIsForAWSResource"])
    ])
    error_message = "Hosts that come with the load start from an image that is encrypted with the site's key."
  }
}

run "hosts_that_are_away_for_a_release_wake_nobody" {
  module {
    source = "../modules/aws/monitoring"
  }

  variables {
    email               = "ops@example.org"
    kms_key_arn         = "arn:aws:kms:eu-central-1:123456789012:key/0"
    has_mysql           = false
    has_balancer        = true
    mysql_identifier    = ""
    mysql_connections   = 0
    balancer_suffix     = "app/x/0"
    target_group_suffix = "targetgroup/x/0"
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["unready"].statistic == "Minimum" && aws_cloudwatch_metric_alarm.this["unready"].evaluation_periods == 4
    error_message = "A host that is away for a minute is not told, nor are many that go one after the other."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["refused"].metric_name == "HTTPCode_ELB_5XX_Count" && join(",", keys(aws_cloudwatch_metric_alarm.this["refused"].dimensions)) == "LoadBalancer"
    error_message = "Errors that the balancer itself answers with are told; it counts them for no group of hosts."
  }
}

run "redis_and_rabbitmq_that_fill_are_told" {
  module {
    source = "../modules/aws/monitoring"
  }

  variables {
    email               = "ops@example.org"
    kms_key_arn         = "arn:aws:kms:eu-central-1:123456789012:key/0"
    has_mysql           = false
    has_balancer        = false
    mysql_identifier    = ""
    mysql_connections   = 0
    balancer_suffix     = ""
    target_group_suffix = ""
    redis_nodes         = ["lykeion-001", "lykeion-002"]
    rabbitmq_broker     = "lykeion"
  }

  assert {
    condition     = toset([for name, alarm in aws_cloudwatch_metric_alarm.this : alarm.dimensions["CacheClusterId"] if startswith(name, "redis-memory")]) == toset(["lykeion-001", "lykeion-002"])
    error_message = "Each node of Redis is told of before its memory is full."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["rabbitmq-workers"].dimensions["Broker"] == "lykeion" && length(aws_cloudwatch_metric_alarm.rabbitmq_memory[0].metric_query) == 3
    error_message = "RabbitMQ without workers, or whose memory fills, is told."
  }
}

run "a_campus" {
  command = apply

  assert {
    condition     = length([for host in output.inventory.hosts : host if contains(host.groups, "web")]) == 3 && length([for host in output.inventory.hosts : host if contains(host.groups, "mongodb")]) == 3
    error_message = "Three web hosts, three members of the replica set."
  }

  assert {
    condition     = length([for host in output.inventory.hosts : host if contains(host.groups, "beat")]) == 1 && output.inventory.mysql.mode == "external" && output.inventory.files.mode == "nfs"
    error_message = "One host keeps the clock; MySQL is managed; files are shared."
  }

  assert {
    condition     = !strcontains(jsonencode(output.inventory), "abcdefghijklmnop1234")
    error_message = "No secret is in the inventory."
  }
}

run "a_trial" {
  command = apply

  variables {
    one_host = true
    zones    = 2
    web      = { count = 1, type = "t3.large", disk_gb = 80 }
    workers  = { count = 0, type = "" }
    data     = { count = 0, type = "" }
    jump     = ""
    mysql    = { mode = "self" }
    redis    = { mode = "self" }
  }

  assert {
    condition     = length(output.inventory.hosts) == 1 && length(output.inventory.hosts[0].groups) == 9 && output.inventory.files.mode == "local"
    error_message = "One host has all groups."
  }
}

run "the_host_of_the_backups_has_room_for_two" {
  command = plan

  module {
    source = "../modules/layout"
  }

  variables {
    web              = { count = 2, type = "x", disk_gb = 30 }
    workers          = { count = 2, type = "x", disk_gb = 50, backup_gb = 100 }
    data             = { count = 3, type = "x", disk_gb = 100 }
    one_host         = false
    mysql_is_managed = true
    redis_is_managed = true
  }

  assert {
    condition     = output.hosts["worker1"].disk_gb == 150 && output.hosts["worker2"].disk_gb == 50
    error_message = "The packed parts of a backup and what they are sealed into are there at once."
  }
}

run "two_data_hosts_are_no_replica_set" {
  command         = plan
  expect_failures = [var.data]

  variables {
    data = { count = 2, type = "m6i.large" }
  }
}

run "the_world_does_not_try_passwords" {
  command         = plan
  expect_failures = [var.admin_networks]

  variables {
    admin_networks = ["0.0.0.0/0"]
  }
}

run "addresses_are_https" {
  command         = plan
  expect_failures = [var.site_url]

  variables {
    site_url = "http://learn.example.org"
  }
}

run "managed_redis_has_a_password" {
  command         = plan
  expect_failures = [var.redis_password]

  variables {
    redis_password = ""
  }
}

run "several_hosts_have_workers" {
  command = plan

  module {
    source = "../modules/layout"
  }

  variables {
    web              = { count = 2, type = "x", disk_gb = 30 }
    workers          = { count = 0, type = "", disk_gb = 30, backup_gb = 30 }
    data             = { count = 3, type = "x", disk_gb = 30 }
    one_host         = false
    mysql_is_managed = true
    redis_is_managed = true
  }

  expect_failures = [output.hosts]
}
