# Spark for a lake that outgrew one host: a pool of Synapse, which stops by itself and then costs nothing.

locals {
  node_cores = 8 # of a Medium node
}

resource "azurerm_synapse_workspace" "this" {
  name                                 = var.workspace_name
  resource_group_name                  = var.group
  location                             = var.region
  storage_data_lake_gen2_filesystem_id = var.lake_url
  azuread_authentication_only          = true
  managed_virtual_network_enabled      = true
  public_network_access_enabled        = false

  identity {
    type = "SystemAssigned"
  }
}

resource "azurerm_synapse_spark_pool" "this" {
  name                 = "lake"
  synapse_workspace_id = azurerm_synapse_workspace.this.id
  spark_version        = "3.5"
  node_size_family     = "MemoryOptimized"
  node_size            = "Medium"

  auto_scale {
    min_node_count = 3
    max_node_count = max(3, floor(var.cores / local.node_cores))
  }

  auto_pause {
    delay_in_minutes = 15
  }
}

resource "azurerm_role_assignment" "lake" {
  scope                = var.lake_account
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_synapse_workspace.this.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_role_assignment" "logs" {
  scope                = var.logs_account
  role_definition_name = "Storage Blob Data Reader"
  principal_id         = azurerm_synapse_workspace.this.identity[0].principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_private_dns_zone" "this" {
  name                = "privatelink.dev.azuresynapse.net"
  resource_group_name = var.group
}

resource "azurerm_private_dns_zone_virtual_network_link" "this" {
  name                  = "spark"
  resource_group_name   = var.group
  private_dns_zone_name = azurerm_private_dns_zone.this.name
  virtual_network_id    = var.network
}

resource "azurerm_private_endpoint" "this" {
  name                = "${var.name}-spark"
  resource_group_name = var.group
  location            = var.region
  subnet_id           = var.subnet

  private_service_connection {
    name                           = "spark"
    private_connection_resource_id = azurerm_synapse_workspace.this.id
    subresource_names              = ["Dev"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "spark"
    private_dns_zone_ids = [azurerm_private_dns_zone.this.id]
  }
}
