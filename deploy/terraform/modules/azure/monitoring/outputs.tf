output "action_group" {
  description = "Where alarms go."
  value       = azurerm_monitor_action_group.operators.id
}
