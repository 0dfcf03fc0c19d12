output "buckets" {
  description = "account/container by what they hold: files, backups, tracking, lake."
  value = {
    files    = "${azurerm_storage_account.kept.name}/${azurerm_storage_container.kept["files"].name}"
    backups  = "${azurerm_storage_account.kept.name}/${azurerm_storage_container.kept["backups"].name}"
    tracking = "${azurerm_storage_account.kept.name}/${azurerm_storage_container.kept["tracking"].name}"
    lake     = "${azurerm_storage_account.lake.name}/${azurerm_storage_container.lake.name}"
  }
}

output "accounts" {
  description = "The accounts by what they hold: kept (files, backups, tracking), lake."
  value       = { kept = azurerm_storage_account.kept.id, lake = azurerm_storage_account.lake.id }
}

output "lake_url" {
  description = "Where Spark finds the lake."
  value       = "${azurerm_storage_account.lake.primary_dfs_endpoint}${azurerm_storage_container.lake.name}"
}

output "files_source" {
  description = "What hosts mount; '' where nothing is shared."
  value       = var.shared_files ? "${azurerm_storage_account.files[0].name}.file.core.windows.net:/${azurerm_storage_account.files[0].name}/${azurerm_storage_share.files[0].name}" : ""
}
