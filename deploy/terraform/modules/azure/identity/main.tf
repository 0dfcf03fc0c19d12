# Who hosts are, and what they may do: read and write the site's containers. No key of it exists. The vault's secret, the
# password of the database's administrator, is for people. All hosts are one to Azure; what one deletes is kept (storage), and
# old versions are not a "contributor's" to delete.

data "azurerm_client_config" "here" {}

resource "azurerm_user_assigned_identity" "host" {
  name                = "${var.name}-host"
  resource_group_name = var.group
  location            = var.region
}

resource "azurerm_role_assignment" "containers" {
  for_each             = var.storage_accounts
  scope                = each.value
  role_definition_name = "Storage Blob Data Contributor"
  principal_id         = azurerm_user_assigned_identity.host.principal_id
  principal_type       = "ServicePrincipal"
}

resource "azurerm_key_vault" "this" {
  name                       = var.vault_name
  resource_group_name        = var.group
  location                   = var.region
  tenant_id                  = data.azurerm_client_config.here.tenant_id
  sku_name                   = "standard"
  rbac_authorization_enabled = true
  purge_protection_enabled   = true
  soft_delete_retention_days = 30

  network_acls {
    default_action             = "Deny"
    bypass                     = "None"
    ip_rules                   = var.admin_networks
    virtual_network_subnet_ids = [var.subnet]
  }
}

resource "azurerm_role_assignment" "administrator" {
  scope                = azurerm_key_vault.this.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = data.azurerm_client_config.here.object_id
}

resource "azurerm_key_vault_secret" "this" {
  for_each     = nonsensitive(toset(keys(var.secrets)))
  name         = each.key
  value        = var.secrets[each.key]
  key_vault_id = azurerm_key_vault.this.id
  content_type = "password"
  depends_on   = [azurerm_role_assignment.administrator]
}
