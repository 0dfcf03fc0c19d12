# Containers, and the folder that all hosts share. Azure encrypts all of it, and keeps copies in three zones.

resource "azurerm_storage_account" "kept" {
  name                            = "${var.prefix}kept"
  resource_group_name             = var.group
  location                        = var.region
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  local_user_enabled              = false

  blob_properties {
    versioning_enabled = true

    delete_retention_policy {
      days = 30
    }

    container_delete_retention_policy {
      days = 30
    }
  }

  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    virtual_network_subnet_ids = [var.subnet]
  }
}

resource "azurerm_storage_management_policy" "kept" {
  storage_account_id = azurerm_storage_account.kept.id

  rule {
    name    = "old-versions"
    enabled = true

    filters {
      blob_types = ["blockBlob", "appendBlob"]
    }

    actions {
      version {
        delete_after_days_since_creation = 90
      }
    }
  }
}

resource "azurerm_storage_container" "kept" {
  for_each              = toset(["files", "backups", "tracking"])
  name                  = each.key
  storage_account_id    = azurerm_storage_account.kept.id
  container_access_type = "private"
}

# Folders of a lake are real ones (a "hierarchical namespace"), which excludes old versions: it can be made anew of the logs.
resource "azurerm_storage_account" "lake" {
  name                            = "${var.prefix}lake"
  resource_group_name             = var.group
  location                        = var.region
  account_tier                    = "Standard"
  account_replication_type        = "ZRS"
  is_hns_enabled                  = true
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = true
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  local_user_enabled              = false

  blob_properties {
    delete_retention_policy {
      days = 7
    }

    container_delete_retention_policy {
      days = 7
    }
  }

  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"]
    virtual_network_subnet_ids = [var.subnet]
  }
}

resource "azurerm_storage_container" "lake" {
  name                  = "lake"
  storage_account_id    = azurerm_storage_account.lake.id
  container_access_type = "private"
}

# NFS has no encryption of its own on the way: it stays in the network, which nobody else is let into.
resource "azurerm_storage_account" "files" {
  count                           = var.shared_files ? 1 : 0
  name                            = "${var.prefix}file"
  resource_group_name             = var.group
  location                        = var.region
  account_kind                    = "FileStorage"
  account_tier                    = "Premium"
  account_replication_type        = "ZRS"
  min_tls_version                 = "TLS1_2"
  https_traffic_only_enabled      = false
  allow_nested_items_to_be_public = false
  shared_access_key_enabled       = false
  local_user_enabled              = false

  share_properties {
    retention_policy {
      days = 14
    }
  }

  network_rules {
    default_action             = "Deny"
    bypass                     = ["AzureServices"] # its backups
    virtual_network_subnet_ids = [var.subnet]
  }
}

resource "azurerm_storage_share" "files" {
  count              = var.shared_files ? 1 : 0
  name               = "files"
  storage_account_id = azurerm_storage_account.files[0].id
  enabled_protocol   = "NFS"
  quota              = var.files_gb
}

resource "azurerm_management_lock" "this" {
  for_each = var.deletion_protection ? merge(
    { kept = azurerm_storage_account.kept.id, lake = azurerm_storage_account.lake.id },
    var.shared_files ? { files = azurerm_storage_account.files[0].id } : {},
  ) : {}
  name       = "${var.name}-${each.key}"
  scope      = each.value
  lock_level = "CanNotDelete"
  notes      = "It holds the site's data: set deletion_protection to false first."
}
