# Hosts, each with its groups. Google encrypts their disks.

locals {
  autoscaled = var.autoscale.image == "" ? 0 : 1
}

resource "google_compute_address" "public" {
  for_each = { for name, host in var.hosts : name => host if host.public }
  name     = "${var.name}-${each.key}"
  region   = var.region
}

# Apart from the hosts, so that one that is made anew keeps its address, by which the others and the databases know it.
resource "google_compute_address" "private" {
  for_each     = var.hosts
  name         = "${var.name}-${each.key}-private"
  region       = var.region
  address_type = "INTERNAL"
  subnetwork   = var.subnet
}

resource "google_compute_instance" "host" {
  for_each                  = var.hosts
  name                      = "${var.name}-${each.key}"
  machine_type              = each.value.type
  zone                      = var.zones[each.value.place % length(var.zones)]
  deletion_protection       = var.deletion_protection
  allow_stopping_for_update = true

  tags = concat(
    [var.tags.host],
    each.value.public ? [var.tags.way] : [],
    contains(each.value.groups, "web") && !each.value.public ? [var.tags.web] : [],
  )

  metadata = {
    ssh-keys                 = "${var.user}:${var.ssh_public_key}"
    enable-oslogin           = "FALSE"
    block-project-ssh-keys   = "TRUE"
    disable-legacy-endpoints = "TRUE"
  }

  boot_disk {
    initialize_params {
      image = var.image == "" ? "debian-cloud/debian-12" : var.image
      size  = each.value.disk_gb
      type  = "pd-balanced"
    }
  }

  network_interface {
    subnetwork = var.subnet
    network_ip = google_compute_address.private[each.key].address

    dynamic "access_config" {
      for_each = each.value.public ? [1] : []

      content {
        nat_ip = google_compute_address.public[each.key].address
      }
    }
  }

  service_account {
    email  = var.identity
    scopes = ["cloud-platform"] # what it may do is said by its roles
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  lifecycle {
    ignore_changes = [boot_disk[0].initialize_params[0].image] # a newer image is no reason to lose a host
  }
}

# Web hosts, zone by zone, for the balancer.
resource "google_compute_instance_group" "web" {
  for_each  = { for place, zone in var.zones : tostring(place) => zone if anytrue([for host in values(var.hosts) : contains(host.groups, "web") && host.place % length(var.zones) == place]) }
  name      = "${var.name}-web-${each.key}"
  zone      = each.value
  instances = [for name, host in var.hosts : google_compute_instance.host[name].self_link if contains(host.groups, "web") && host.place % length(var.zones) == tonumber(each.key)]

  named_port {
    name = "https"
    port = 443
  }
}

# Web hosts beyond the fixed ones, while there is much to do. They start from an image of a web host, which the guide
# tells how to make; without an image there are none.
resource "google_compute_region_instance_template" "web" {
  count        = local.autoscaled
  name_prefix  = "${var.name}-web-"
  region       = var.region
  machine_type = var.autoscale.type

  metadata_startup_script = file("${path.module}/../../first-boot.sh")

  tags = [var.tags.host, var.tags.web]

  metadata = {
    ssh-keys                 = "${var.user}:${var.ssh_public_key}"
    enable-oslogin           = "FALSE"
    block-project-ssh-keys   = "TRUE"
    disable-legacy-endpoints = "TRUE"
  }

  disk {
    source_image = var.autoscale.image
    boot         = true
    auto_delete  = true
    disk_type    = "pd-balanced"
  }

  network_interface {
    subnetwork = var.subnet
  }

  service_account {
    email  = var.identity
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_region_instance_group_manager" "web" {
  count                     = local.autoscaled
  name                      = "${var.name}-web"
  region                    = var.region
  base_instance_name        = "${var.name}-web-more"
  distribution_policy_zones = var.zones

  version {
    instance_template = google_compute_region_instance_template.web[0].id
  }

  named_port {
    name = "https"
    port = 443
  }
}

resource "google_compute_region_autoscaler" "web" {
  count  = local.autoscaled
  name   = "${var.name}-web"
  region = var.region
  target = google_compute_region_instance_group_manager.web[0].id

  autoscaling_policy {
    mode            = var.autoscale.most > 0 ? "ON" : "OFF" # the guide says how those go that are there
    min_replicas    = 0
    max_replicas    = max(1, var.autoscale.most)
    cooldown_period = 180

    # Of the requests a second that the balancer gives to one host (its backend's max_rate_per_instance).
    load_balancing_utilization {
      target = 0.8
    }
  }
}
