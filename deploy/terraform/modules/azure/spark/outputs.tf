output "pool" {
  description = "Where jobs are sent."
  value       = azurerm_synapse_spark_pool.this.id
}
