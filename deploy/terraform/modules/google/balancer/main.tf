# The way in: HTTPS with a certificate that Google renews, to web hosts that say that they are ready.

resource "google_compute_global_address" "this" {
  name = "${var.name}-balancer"
}

# Google makes it once the site's name leads to the address above.
resource "google_compute_managed_ssl_certificate" "this" {
  name = "${var.name}-${substr(sha256(var.host), 0, 8)}"

  managed {
    domains = [var.host]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_compute_ssl_policy" "this" {
  name            = var.name
  profile         = "RESTRICTED"
  min_tls_version = "TLS_1_2"
}

resource "google_compute_health_check" "web" {
  name                = "${var.name}-web"
  check_interval_sec  = 5
  timeout_sec         = 4
  healthy_threshold   = 2
  unhealthy_threshold = 2

  https_health_check {
    port         = 443
    request_path = "/ready"
  }

  log_config {
    enable = true # an alarm counts them
  }
}

resource "google_compute_backend_service" "web" {
  name                            = "${var.name}-web"
  load_balancing_scheme           = "EXTERNAL_MANAGED"
  protocol                        = "HTTPS"
  port_name                       = "https"
  timeout_sec                     = 600 # a whole request: an import of an author takes minutes
  connection_draining_timeout_sec = 60
  health_checks                   = [google_compute_health_check.web.id]

  dynamic "backend" {
    for_each = var.groups

    content {
      group                 = backend.value
      balancing_mode        = "RATE"
      max_rate_per_instance = var.requests_per_second
    }
  }
}

resource "google_compute_url_map" "https" {
  name            = var.name
  default_service = google_compute_backend_service.web.id
}

resource "google_compute_target_https_proxy" "this" {
  name             = var.name
  url_map          = google_compute_url_map.https.id
  ssl_certificates = [google_compute_managed_ssl_certificate.this.id]
  ssl_policy       = google_compute_ssl_policy.this.id
}

resource "google_compute_global_forwarding_rule" "https" {
  name                  = "${var.name}-https"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.this.id
  port_range            = "443"
  target                = google_compute_target_https_proxy.this.id
}

resource "google_compute_url_map" "http" {
  name = "${var.name}-http"

  default_url_redirect {
    https_redirect         = true
    redirect_response_code = "MOVED_PERMANENTLY_DEFAULT"
    strip_query            = false
  }
}

resource "google_compute_target_http_proxy" "this" {
  name    = var.name
  url_map = google_compute_url_map.http.id
}

resource "google_compute_global_forwarding_rule" "http" {
  name                  = "${var.name}-http"
  load_balancing_scheme = "EXTERNAL_MANAGED"
  ip_address            = google_compute_global_address.this.id
  port_range            = "80"
  target                = google_compute_target_http_proxy.this.id
}
