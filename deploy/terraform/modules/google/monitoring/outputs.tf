output "channel" {
  description = "Where alarms go."
  value       = google_monitoring_notification_channel.mail.id
}
