# Azure Database for MySQL: the state of learners. It is in the network only, and takes encrypted connections only.

resource "azurerm_private_dns_zone" "this" {
  name                = "${var.name}-site.private.mysql.database.azure.com"
  resource_group_name = var.group
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "mysql"
  resource_group_name   = var.group
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network
}

resource "azurerm_mysql_flexible_server" "this" {
  name                         = var.server_name
  resource_group_name          = var.group
  location                     = var.region
  version                      = "8.0.21"
  sku_name                     = var.type
  administrator_login          = "administrator_of_site"
  administrator_password       = var.password
  delegated_subnet_id          = var.subnet
  public_network_access        = "Disabled"
  private_dns_zone_id          = azurerm_private_dns_zone.this.id
  backup_retention_days        = 14
  geo_redundant_backup_enabled = false # not every region has another; backups go to another place by Ansible
  zone                         = "1"
  depends_on                   = [azurerm_private_dns_zone_virtual_network_link.this]

  dynamic "high_availability" {
    for_each = var.multi_az ? [1] : []

    content {
      mode                      = "ZoneRedundant"
      standby_availability_zone = "2"
    }
  }

  storage {
    size_gb           = var.storage_gb
    auto_grow_enabled = true
  }

  maintenance_window {
    day_of_week  = 0
    start_hour   = 3
    start_minute = 30
  }

  lifecycle {
    # It grows by itself, and after another took over they have changed places.
    ignore_changes = [storage[0].size_gb, zone, high_availability[0].standby_availability_zone]
  }
}

resource "azurerm_mysql_flexible_server_configuration" "this" {
  for_each            = { require_secure_transport = "ON", character_set_server = "utf8mb4", slow_query_log = "ON" }
  name                = each.key
  value               = each.value
  resource_group_name = var.group
  server_name         = azurerm_mysql_flexible_server.this.name
}

resource "azurerm_mysql_flexible_database" "this" {
  name                = "lykeion"
  resource_group_name = var.group
  server_name         = azurerm_mysql_flexible_server.this.name
  charset             = "utf8mb4"
  collation           = "utf8mb4_0900_ai_ci"
}

resource "azurerm_management_lock" "this" {
  count      = var.deletion_protection ? 1 : 0
  name       = "${var.name}-mysql"
  scope      = azurerm_mysql_flexible_server.this.id
  lock_level = "CanNotDelete"
  notes      = "It holds the site's data: set deletion_protection to false first."
}
