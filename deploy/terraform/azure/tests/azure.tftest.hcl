# The plan of each size, without Azure: what must never be otherwise. `terraform test`

mock_provider "azurerm" {
  mock_resource "azurerm_storage_account" {
    defaults = { id = "/subscriptions/0/kept", primary_dfs_endpoint = "https://lake.dfs.core.windows.net/" }
  }
}

variables {
  name               = "lykeion"
  group              = "lykeion"
  subscription       = "01234567-89ab-cdef-0123-456789abcdef"
  region             = "germanywestcentral"
  site_url           = "https://learn.example.org"
  admin_networks     = ["203.0.113.0/24"]
  ssh_public_key     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI nobody"
  alarm_email        = "ops@example.org"
  monthly_budget_usd = 1000
  web                = { count = 3, type = "Standard_D4as_v5" }
  workers            = { count = 2, type = "Standard_D2as_v5" }
  data               = { count = 3, type = "Standard_D2as_v5" }
  jump               = "Standard_B1s"
  mysql              = { mode = "managed", type = "GP_Standard_D2ads_v5" }
  mysql_password     = "abcdefghijklmnop12345678"
  redis              = { mode = "managed", type = "Balanced_B10", nodes = 2 }
  rabbitmq           = { mode = "self" }
}

run "databases_are_private_encrypted_and_doubled" {
  module {
    source = "../modules/azure/mysql"
  }

  variables {
    server_name         = "lykeion-mysql"
    network             = "networks/lykeion"
    subnet              = "subnets/mysql"
    type                = "GP_Standard_D2ads_v5"
    storage_gb          = 100
    multi_az            = true
    password            = "abcdefghijklmnop12345678"
    deletion_protection = true
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.delegated_subnet_id == "subnets/mysql" && azurerm_mysql_flexible_server_configuration.this["require_secure_transport"].value == "ON"
    error_message = "MySQL is in the network only, and takes encrypted connections only."
  }

  assert {
    condition     = azurerm_mysql_flexible_server.this.high_availability[0].mode == "ZoneRedundant" && azurerm_mysql_flexible_server.this.backup_retention_days >= 14
    error_message = "MySQL has another in a second zone, and two weeks of backups."
  }

  assert {
    condition     = azurerm_management_lock.this[0].lock_level == "CanNotDelete"
    error_message = "MySQL is not deleted by mistake."
  }
}

run "redis_is_encrypted_and_takes_over" {
  module {
    source = "../modules/azure/redis"
  }

  variables {
    network = "networks/lykeion"
    subnet  = "subnets/private"
    type    = "Balanced_B10"
    doubled = true
  }

  assert {
    condition     = azurerm_managed_redis.this.public_network_access == "Disabled" && azurerm_managed_redis.this.default_database[0].client_protocol == "Encrypted"
    error_message = "Redis is in the network only, on encrypted connections."
  }

  assert {
    condition     = azurerm_managed_redis.this.high_availability_enabled
    error_message = "Another node takes over."
  }
}

run "what_is_stored_is_private_encrypted_and_kept" {
  module {
    source = "../modules/azure/storage"
  }

  variables {
    prefix              = "lykeion123456"
    subnet              = "subnets/hosts"
    shared_files        = true
    files_gb            = 256
    deletion_protection = true
  }

  assert {
    condition = alltrue([
      for one in [azurerm_storage_account.kept, azurerm_storage_account.lake, azurerm_storage_account.files[0]] :
      !one.allow_nested_items_to_be_public && !one.shared_access_key_enabled && one.network_rules[0].default_action == "Deny" && one.account_replication_type == "ZRS" && one.min_tls_version == "TLS1_2"
    ])
    error_message = "What is stored is reached from the hosts only, by who they are, and survives a zone."
  }

  assert {
    condition     = azurerm_storage_account.kept.https_traffic_only_enabled && azurerm_storage_account.lake.https_traffic_only_enabled && azurerm_storage_account.kept.blob_properties[0].versioning_enabled
    error_message = "Containers are read on encrypted connections, and keep old versions."
  }

  assert {
    condition     = toset(keys(azurerm_management_lock.this)) == toset(["kept", "lake", "files"])
    error_message = "Nothing that holds data is deleted by mistake."
  }
}

run "the_network_lets_in_administrators_and_the_public_to_the_web_alone" {
  module {
    source = "../modules/azure/network"
  }

  variables {
    cidr    = "10.20.0.0/16"
    way_out = true
  }

  assert {
    condition     = azurerm_network_security_rule.ssh.source_address_prefixes == toset(["203.0.113.0/24"]) && azurerm_network_security_rule.ssh.destination_port_range == "22"
    error_message = "SSH is for administrators."
  }

  assert {
    condition     = azurerm_network_security_rule.public.destination_port_ranges == toset(["80", "443"])
    error_message = "The public comes to the web alone."
  }

  assert {
    condition     = azurerm_network_security_rule.balancer.destination_port_ranges == toset(["80", "443"])
    error_message = "The balancer may ask on both ports."
  }

  assert {
    condition     = azurerm_network_security_rule.nothing_else.access == "Deny" && azurerm_network_security_rule.nothing_else.source_address_prefix == "*"
    error_message = "Nothing else comes in."
  }

  assert {
    condition     = !azurerm_subnet.mysql.default_outbound_access_enabled && azurerm_subnet.mysql.delegation[0].service_delegation[0].name == "Microsoft.DBforMySQL/flexibleServers"
    error_message = "MySQL has a subnet of its own, without a way out."
  }
}

run "hosts_are_encrypted_have_no_address_outside_and_come_with_the_load" {
  module {
    source = "../modules/azure/compute"
  }

  variables {
    subnet    = "subnets/hosts"
    zones     = 3
    marks     = { host = "groups/host", way-in = "groups/way-in", web = "groups/web" }
    image     = ""
    user      = "siteadmin"
    identity  = "identities/host"
    pools     = ["pools/web"]
    autoscale = { image = "images/web-1", type = "Standard_D4as_v5", most = 9 }
    hosts = {
      web1  = { type = "Standard_D4as_v5", disk_gb = 30, place = 0, public = false, groups = ["web"] }
      web2  = { type = "Standard_D4as_v5", disk_gb = 30, place = 1, public = false, groups = ["web"] }
      jump1 = { type = "Standard_B1s", disk_gb = 30, place = 0, public = true, groups = ["jump"] }
    }
  }

  assert {
    condition     = alltrue([for host in azurerm_linux_virtual_machine.host : host.encryption_at_host_enabled && host.secure_boot_enabled && host.disable_password_authentication])
    error_message = "Hosts are encrypted, start what is signed, and take no password."
  }

  assert {
    condition     = toset(keys(azurerm_public_ip.host)) == toset(["jump1"]) && azurerm_linux_virtual_machine.host["web1"].zone != azurerm_linux_virtual_machine.host["web2"].zone
    error_message = "Only the jump host is reached from outside; web hosts are in several zones."
  }

  assert {
    condition     = toset(keys(azurerm_network_interface_backend_address_pool_association.web)) == toset(["web1", "web2"]) && toset(keys(azurerm_network_interface_application_security_group_association.web)) == toset(["web1", "web2"])
    error_message = "The balancer leads to web hosts alone."
  }

  assert {
    condition     = azurerm_monitor_autoscale_setting.web[0].profile[0].capacity[0].maximum == 9 && azurerm_monitor_autoscale_setting.web[0].profile[0].capacity[0].minimum == 1
    error_message = "More web hosts come with the load."
  }
}

run "no_host_comes_while_none_is_wanted" {
  module {
    source = "../modules/azure/compute"
  }

  variables {
    subnet    = "subnets/hosts"
    zones     = 3
    marks     = { host = "groups/host", way-in = "groups/way-in", web = "groups/web" }
    image     = ""
    user      = "siteadmin"
    identity  = "identities/host"
    pools     = ["pools/web"]
    autoscale = { image = "images/web-1", type = "Standard_D4as_v5", most = 0 }
    hosts     = {}
  }

  assert {
    condition     = azurerm_monitor_autoscale_setting.web[0].profile[0].capacity[0].minimum == 0 && azurerm_monitor_autoscale_setting.web[0].profile[0].capacity[0].maximum == 0
    error_message = "With autoscale.most = 0 those that are there go, and none comes, as a restore needs it."
  }
}

run "redis_that_fills_is_told" {
  module {
    source = "../modules/azure/monitoring"
  }

  variables {
    group_id          = "/subscriptions/01234567-89ab-cdef-0123-456789abcdef/resourceGroups/lykeion"
    email             = "ops@example.org"
    has_mysql         = false
    has_balancer      = true
    mysql             = ""
    mysql_connections = 0
    has_redis         = true
    redis_id          = "redis/lykeion"
    balancer          = "balancers/lykeion"
  }

  assert {
    condition     = azurerm_monitor_metric_alert.this["redis-memory"].scopes == toset(["redis/lykeion"]) && azurerm_monitor_metric_alert.this["redis-memory"].criteria[0].metric_namespace == "Microsoft.Cache/redisEnterprise"
    error_message = "Redis is told of before its memory is full."
  }

  assert {
    condition     = azurerm_monitor_metric_alert.this["unready"].scopes == toset(["balancers/lykeion"])
    error_message = "The balancer's alarms ask the balancer."
  }

  assert {
    condition     = one(azurerm_monitor_metric_alert.this["unready"].criteria[0].dimension).values == tolist(["443"])
    error_message = "A host that is not ready counts once, though the balancer asks on two ports."
  }
}

run "the_balancer_asks_whether_hosts_are_ready" {
  module {
    source = "../modules/azure/balancer"
  }

  assert {
    condition     = azurerm_lb_probe.ready.protocol == "Https" && azurerm_lb_probe.ready.request_path == "/ready"
    error_message = "The balancer asks /ready."
  }

  assert {
    condition     = toset(keys(azurerm_lb_rule.web)) == toset(["80", "443"]) && length(azurerm_public_ip.this.zones) == 3
    error_message = "It is in all zones, and hands on the web alone."
  }

  assert {
    condition     = azurerm_lb_probe.plain.protocol == "Tcp" && azurerm_lb_probe.plain.port == 80
    error_message = "Hosts without a certificate answer who gives them."
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
    condition     = !strcontains(jsonencode(output.inventory), "abcdefghijklmnop12345678")
    error_message = "No secret is in the inventory."
  }
}

run "a_trial" {
  command = apply

  variables {
    one_host = true
    zones    = 2
    web      = { count = 1, type = "Standard_B2ms", disk_gb = 80 }
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

run "two_data_hosts_are_no_replica_set" {
  command         = plan
  expect_failures = [var.data]

  variables {
    data = { count = 2, type = "Standard_D2as_v5" }
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

run "managed_mysql_has_a_password" {
  command         = plan
  expect_failures = [var.mysql_password]

  variables {
    mysql_password = "short"
  }
}
