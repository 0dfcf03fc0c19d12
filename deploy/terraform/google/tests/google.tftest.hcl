# The plan of each size, without Google Cloud: what must never be otherwise. `terraform test`

mock_provider "google" {
  mock_data "google_compute_zones" {
    defaults = { names = ["x-b", "x-c", "x-d"] }
  }

  mock_resource "google_filestore_instance" {
    defaults = { networks = { ip_addresses = ["10.20.192.2"] } }
  }

  mock_resource "google_service_account" {
    defaults = { email = "host@x.iam.gserviceaccount.com", member = "serviceAccount:host@x.iam.gserviceaccount.com" }
  }
}

variables {
  name               = "lykeion"
  project            = "school"
  billing_account    = "0123AB-4567CD-89EF01"
  region             = "europe-west3"
  site_url           = "https://learn.example.org"
  admin_networks     = ["203.0.113.0/24"]
  ssh_public_key     = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI nobody"
  alarm_email        = "ops@example.org"
  monthly_budget_usd = 1000
  web                = { count = 3, type = "n2d-highcpu-4" }
  workers            = { count = 2, type = "n2d-highcpu-2" }
  data               = { count = 3, type = "n2d-standard-2" }
  jump               = "e2-micro"
  mysql              = { mode = "managed", type = "db-custom-2-8192" }
  redis              = { mode = "managed", type = "5", nodes = 2 }
  rabbitmq           = { mode = "self" }
}

run "databases_are_private_encrypted_and_doubled" {
  module {
    source = "../modules/google/mysql"
  }

  variables {
    network             = "networks/lykeion"
    type                = "db-custom-2-8192"
    storage_gb          = 100
    multi_az            = true
    insights            = true
    deletion_protection = true
  }

  assert {
    condition     = !google_sql_database_instance.this.settings[0].ip_configuration[0].ipv4_enabled && google_sql_database_instance.this.settings[0].ip_configuration[0].ssl_mode == "ENCRYPTED_ONLY"
    error_message = "MySQL has no address outside, and takes encrypted connections only."
  }

  assert {
    condition     = google_sql_database_instance.this.settings[0].availability_type == "REGIONAL" && google_sql_database_instance.this.deletion_protection
    error_message = "MySQL has another in a second zone, and is not deleted by mistake."
  }

  assert {
    condition = alltrue([
      for backup in google_sql_database_instance.this.settings[0].backup_configuration :
      backup.enabled && backup.binary_log_enabled && backup.backup_retention_settings[0].retained_backups >= 14
    ])
    error_message = "There are two weeks of backups, and each moment of the last days can be restored."
  }

  assert {
    condition     = google_sql_database_instance.this.root_password == null
    error_message = "The administrator's password is not in the state."
  }
}

run "redis_is_encrypted_and_takes_over" {
  module {
    source = "../modules/google/redis"
  }

  variables {
    network   = "networks/lykeion"
    memory_gb = 5
    nodes     = 2
  }

  assert {
    condition     = google_redis_instance.this.auth_enabled && google_redis_instance.this.transit_encryption_mode == "SERVER_AUTHENTICATION"
    error_message = "Redis asks for a password, on encrypted connections."
  }

  assert {
    condition     = google_redis_instance.this.tier == "STANDARD_HA" && google_redis_instance.this.replica_count == 1
    error_message = "Another node takes over."
  }
}

run "buckets_are_private_and_keep_versions" {
  module {
    source = "../modules/google/storage"
  }

  variables {
    network             = "networks/lykeion"
    shared_files        = true
    files_gb            = 1024
    deletion_protection = true
  }

  assert {
    condition     = toset(keys(google_storage_bucket.this)) == toset(["files", "backups", "tracking", "lake"])
    error_message = "There is a bucket for files, backups, tracking logs and the lake."
  }

  assert {
    condition     = alltrue([for one in google_storage_bucket.this : one.public_access_prevention == "enforced" && one.uniform_bucket_level_access])
    error_message = "No bucket can become public."
  }

  assert {
    condition     = alltrue([for one in google_storage_bucket.this : one.versioning[0].enabled && !one.force_destroy])
    error_message = "Buckets keep old versions, and are not deleted with what they hold."
  }

  assert {
    condition     = google_filestore_instance.this[0].tier == "REGIONAL" && google_filestore_instance.this[0].deletion_protection_enabled
    error_message = "Shared files survive a zone."
  }
}

run "the_network_lets_in_administrators_and_the_balancer_alone" {
  module {
    source = "../modules/google/network"
  }

  variables {
    cidr     = "10.20.0.0/16"
    zones    = 3
    one_host = false
  }

  assert {
    condition     = google_compute_firewall.ssh.source_ranges == toset(["203.0.113.0/24"]) && one(google_compute_firewall.ssh.allow).ports == tolist(["22"])
    error_message = "SSH is for administrators."
  }

  assert {
    condition     = length(google_compute_firewall.public) == 0 && google_compute_firewall.balancer[0].source_ranges == toset(["130.211.0.0/22", "35.191.0.0/16"])
    error_message = "Hosts behind a balancer are not reached by the public."
  }
}

run "hosts_have_no_address_outside_and_come_with_the_load" {
  module {
    source = "../modules/google/compute"
  }

  variables {
    subnet              = "subnets/hosts"
    zones               = ["x-b", "x-c", "x-d"]
    tags                = { host = "lykeion-host", way = "lykeion-way-in", web = "lykeion-web" }
    image               = ""
    user                = "siteadmin"
    identity            = "host@x.iam.gserviceaccount.com"
    deletion_protection = true
    autoscale           = { image = "lykeion-web-1", type = "n2d-highcpu-4", most = 9 }
    hosts = {
      web1  = { type = "n2d-highcpu-4", disk_gb = 30, place = 0, public = false, groups = ["web"] }
      web2  = { type = "n2d-highcpu-4", disk_gb = 30, place = 1, public = false, groups = ["web"] }
      jump1 = { type = "e2-micro", disk_gb = 10, place = 0, public = true, groups = ["jump"] }
    }
  }

  assert {
    condition     = toset(keys(google_compute_address.public)) == toset(["jump1"]) && length(google_compute_instance.host["web1"].network_interface[0].access_config) == 0
    error_message = "Only the jump host is reached from outside."
  }

  assert {
    condition     = toset(keys(google_compute_address.private)) == toset(["web1", "web2", "jump1"]) && alltrue([for address in google_compute_address.private : address.address_type == "INTERNAL"])
    error_message = "A host that is made anew keeps its address."
  }

  assert {
    condition     = google_compute_instance.host["web1"].zone != google_compute_instance.host["web2"].zone && length(google_compute_instance_group.web) == 2
    error_message = "Web hosts are in several zones."
  }

  assert {
    condition     = alltrue([for host in google_compute_instance.host : host.shielded_instance_config[0].enable_secure_boot && host.metadata["block-project-ssh-keys"] == "TRUE"])
    error_message = "Hosts start what is signed, and let in whom this configuration names."
  }

  assert {
    condition     = google_compute_region_autoscaler.web[0].autoscaling_policy[0].max_replicas == 9 && google_compute_region_autoscaler.web[0].autoscaling_policy[0].mode == "ON"
    error_message = "More web hosts come with the load."
  }
}

run "no_host_comes_while_none_is_wanted" {
  module {
    source = "../modules/google/compute"
  }

  variables {
    subnet              = "subnets/hosts"
    zones               = ["x-b", "x-c", "x-d"]
    tags                = { host = "lykeion-host", way = "lykeion-way-in", web = "lykeion-web" }
    image               = ""
    user                = "siteadmin"
    identity            = "host@x.iam.gserviceaccount.com"
    deletion_protection = true
    autoscale           = { image = "lykeion-web-1", type = "n2d-highcpu-4", most = 0 }
    hosts               = {}
  }

  assert {
    condition     = google_compute_region_autoscaler.web[0].autoscaling_policy[0].mode == "OFF"
    error_message = "With autoscale.most = 0 none comes, as a restore needs it."
  }
}

run "the_balancer_asks_whether_hosts_are_ready" {
  module {
    source = "../modules/google/balancer"
  }

  variables {
    host                = "learn.example.org"
    groups              = ["groups/web-0"]
    requests_per_second = 100
  }

  assert {
    condition     = google_compute_health_check.web.https_health_check[0].request_path == "/ready" && google_compute_health_check.web.log_config[0].enable && google_compute_backend_service.web.protocol == "HTTPS"
    error_message = "The balancer speaks https with the hosts, and asks /ready."
  }

  assert {
    condition     = google_compute_ssl_policy.this.min_tls_version == "TLS_1_2" && google_compute_url_map.http.default_url_redirect[0].https_redirect
    error_message = "People come by https, in versions that are safe."
  }
}

run "redis_that_fills_and_hosts_that_stay_away_are_told" {
  module {
    source = "../modules/google/monitoring"
  }

  variables {
    email             = "ops@example.org"
    has_mysql         = false
    has_balancer      = true
    mysql_identifier  = ""
    mysql_connections = 0
    has_redis         = true
    redis_id          = "projects/school/locations/europe-west3/instances/lykeion"
    backend           = "lykeion-web"
  }

  assert {
    condition     = strcontains(google_monitoring_alert_policy.this["redis-memory"].conditions[0].condition_threshold[0].filter, "instance_id=\"projects/school/locations/europe-west3/instances/lykeion\"")
    error_message = "Redis is told of before its memory is full."
  }

  assert {
    condition     = google_monitoring_alert_policy.unready[0].conditions[0].condition_prometheus_query_language[0].duration == "1800s" && google_logging_metric.ready[0].label_extractors["state"] != ""
    error_message = "A host that is not ready for half an hour is told, not one that takes a release."
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
}

run "a_trial" {
  command = apply

  variables {
    one_host = true
    zones    = 2
    web      = { count = 1, type = "e2-standard-2", disk_gb = 80 }
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
    data = { count = 2, type = "n2d-standard-2" }
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

run "rabbitmq_is_not_sold_here" {
  command         = plan
  expect_failures = [var.rabbitmq]

  variables {
    rabbitmq = { mode = "managed" }
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
