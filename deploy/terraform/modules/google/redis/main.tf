# Memorystore for Redis: the cache, and the sessions. Encrypted at rest and on the way; Google makes its password, and the
# state keeps it.

resource "google_redis_instance" "this" {
  name                    = var.name
  region                  = var.region
  tier                    = var.nodes > 1 ? "STANDARD_HA" : "BASIC"
  memory_size_gb          = var.memory_gb
  redis_version           = "REDIS_7_2"
  authorized_network      = var.network
  connect_mode            = "PRIVATE_SERVICE_ACCESS"
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"
  read_replicas_mode      = var.nodes > 2 ? "READ_REPLICAS_ENABLED" : "READ_REPLICAS_DISABLED"
  replica_count           = var.nodes > 1 ? var.nodes - 1 : 0
}
