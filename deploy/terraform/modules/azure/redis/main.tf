# Azure Managed Redis: the cache, and the sessions. Encrypted at rest and on the way, reached in the network only; Azure
# makes its key, and the state keeps it.

resource "azurerm_managed_redis" "this" {
  name                      = var.name
  resource_group_name       = var.group
  location                  = var.region
  sku_name                  = var.type
  high_availability_enabled = var.doubled
  public_network_access     = "Disabled"

  default_database {
    access_keys_authentication_enabled = true
    client_protocol                    = "Encrypted"
    clustering_policy                  = "EnterpriseCluster" # one address, for clients that know of no cluster
    eviction_policy                    = "VolatileLRU"       # what has no end, such as a lock, stays
  }
}

resource "azurerm_private_dns_zone" "this" {
  name                = "privatelink.redis.azure.net"
  resource_group_name = var.group
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "redis"
  resource_group_name   = var.group
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network
}

resource "azurerm_private_endpoint" "this" {
  name                = "${var.name}-redis"
  resource_group_name = var.group
  location            = var.region
  subnet_id           = var.subnet

  private_service_connection {
    name                           = "redis"
    private_connection_resource_id = azurerm_managed_redis.this.id
    subresource_names              = ["redisEnterprise"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "redis"
    private_dns_zone_ids = [azurerm_private_dns_zone.this.id]
  }
}
