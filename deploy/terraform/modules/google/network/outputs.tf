output "network" {
  description = "The network; who takes it waits until managed services can be reached."
  value       = google_compute_network.this.id
  depends_on  = [google_service_networking_connection.managed]
}

output "host_subnet" {
  description = "For hosts."
  value       = google_compute_subnetwork.hosts.id
}

output "spark_subnet" {
  description = "For Spark."
  value       = google_compute_subnetwork.spark.id
}

output "zones" {
  description = "Zones that hosts are spread over."
  value       = slice(data.google_compute_zones.here.names, 0, var.zones)
}

output "tags" {
  description = "Marks that rules of the network go by: host, way (in), web."
  value       = { host = local.host, way = local.way, web = local.web }
}

output "balancer_networks" {
  description = "From which Google's balancers ask."
  value       = local.proxy
}
