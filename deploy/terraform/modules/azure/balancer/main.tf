# The way in. It hands on connections as they are (layer 4), in all zones, to web hosts that say that they are ready; the
# certificates are nginx's on the web hosts, which get them by ACME, for Azure makes none for a balancer of this kind.

resource "azurerm_public_ip" "this" {
  name                = "${var.name}-balancer"
  resource_group_name = var.group
  location            = var.region
  allocation_method   = "Static"
  sku                 = "Standard"
  zones               = ["1", "2", "3"]
}

resource "azurerm_lb" "this" {
  name                = var.name
  resource_group_name = var.group
  location            = var.region
  sku                 = "Standard"

  frontend_ip_configuration {
    name                 = "public"
    public_ip_address_id = azurerm_public_ip.this.id
  }
}

resource "azurerm_lb_backend_address_pool" "web" {
  name            = "web"
  loadbalancer_id = azurerm_lb.this.id
}

resource "azurerm_lb_probe" "ready" {
  name                = "ready"
  loadbalancer_id     = azurerm_lb.this.id
  protocol            = "Https"
  port                = 443
  request_path        = "/ready"
  interval_in_seconds = 5
  probe_threshold     = 2
}

# Port 80 sends people on to 443, and answers who gives certificates: a host needs none yet, nor has it to serve, for that.
resource "azurerm_lb_probe" "plain" {
  name                = "plain"
  loadbalancer_id     = azurerm_lb.this.id
  protocol            = "Tcp"
  port                = 80
  interval_in_seconds = 5
  probe_threshold     = 2
}

resource "azurerm_lb_rule" "web" {
  for_each                       = { "80" = azurerm_lb_probe.plain.id, "443" = azurerm_lb_probe.ready.id }
  name                           = "port-${each.key}"
  loadbalancer_id                = azurerm_lb.this.id
  frontend_ip_configuration_name = "public"
  frontend_port                  = tonumber(each.key)
  backend_port                   = tonumber(each.key)
  protocol                       = "Tcp"
  backend_address_pool_ids       = [azurerm_lb_backend_address_pool.web.id]
  probe_id                       = each.value
  disable_outbound_snat          = true
  idle_timeout_in_minutes        = 10 # as nginx lets authors wait
  tcp_reset_enabled              = true
}
