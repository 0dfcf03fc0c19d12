output "hosts" {
  description = "Hosts as the inventory has them."
  value = [
    for name, host in var.hosts : {
      name            = name
      groups          = host.groups
      address         = host.public ? google_compute_address.public[name].address : google_compute_address.private[name].address
      private_address = google_compute_address.private[name].address
    }
  ]
}

output "web_groups" {
  description = "Web hosts, for the balancer."
  value       = [for group in google_compute_instance_group.web : group.id]
}

output "more_web_hosts" {
  description = "Those that come with the load, for the balancer."
  value       = google_compute_region_instance_group_manager.web[*].instance_group
}
