# A network in several zones. A rule lets in: administrators to hosts marked way-in, the balancer to web hosts, hosts of
# the site to each other. Nothing else comes in; private hosts go out through NAT, and to Google's services directly.

locals {
  host  = "${var.name}-host"
  way   = "${var.name}-way-in"
  web   = "${var.name}-web"
  proxy = ["130.211.0.0/22", "35.191.0.0/16"] # from which Google's balancers ask
}

data "google_compute_zones" "here" {
  region = var.region
  status = "UP"
}

resource "google_compute_network" "this" {
  name                            = var.name
  auto_create_subnetworks         = false
  delete_default_routes_on_create = false
}

resource "google_compute_subnetwork" "hosts" {
  name                     = "${var.name}-hosts"
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = cidrsubnet(var.cidr, 2, 1)
  private_ip_google_access = true
}

resource "google_compute_subnetwork" "spark" {
  name                     = "${var.name}-spark"
  network                  = google_compute_network.this.id
  region                   = var.region
  ip_cidr_range            = cidrsubnet(var.cidr, 4, 8)
  private_ip_google_access = true
}

resource "google_compute_router" "this" {
  name    = var.name
  network = google_compute_network.this.id
  region  = var.region
}

resource "google_compute_router_nat" "this" {
  name                               = var.name
  router                             = google_compute_router.this.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.hosts.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

# Where managed databases are: addresses that only this network reaches.
resource "google_compute_global_address" "managed" {
  name          = "${var.name}-managed"
  network       = google_compute_network.this.id
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = cidrhost(cidrsubnet(var.cidr, 2, 3), 0)
  prefix_length = 18
}

resource "google_service_networking_connection" "managed" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.managed.name]
}

resource "google_compute_firewall" "among" {
  name        = "${var.name}-among"
  description = "Hosts reach each other; each host's own firewall says on which ports"
  network     = google_compute_network.this.id
  source_tags = [local.host]
  target_tags = [local.host]

  allow {
    protocol = "all"
  }
}

resource "google_compute_firewall" "ssh" {
  name          = "${var.name}-ssh"
  description   = "SSH of administrators"
  network       = google_compute_network.this.id
  source_ranges = var.admin_networks
  target_tags   = [local.way]

  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

resource "google_compute_firewall" "balancer" {
  count         = var.one_host ? 0 : 1
  name          = "${var.name}-balancer"
  description   = "The balancer, and its questions whether a host is ready"
  network       = google_compute_network.this.id
  source_ranges = local.proxy
  target_tags   = [local.web]

  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "public" {
  count         = var.one_host ? 1 : 0
  name          = "${var.name}-public"
  description   = "The public of a site of one host"
  network       = google_compute_network.this.id
  source_ranges = ["0.0.0.0/0"]
  target_tags   = [local.way]

  allow {
    protocol = "tcp"
    ports    = ["80", "443"]
  }
}

resource "google_compute_firewall" "spark" {
  name          = "${var.name}-spark"
  description   = "Parts of a Spark job reach each other"
  network       = google_compute_network.this.id
  source_ranges = [google_compute_subnetwork.spark.ip_cidr_range]

  destination_ranges = [google_compute_subnetwork.spark.ip_cidr_range]

  allow {
    protocol = "tcp"
  }
}
