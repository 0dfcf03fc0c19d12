# Tens of thousands of learners, some thousand at once. Any host, and any zone, may be lost.
zones              = 3
web                = { count = 3, type = "n2d-highcpu-4" }
workers            = { count = 2, type = "n2d-highcpu-2", backup_gb = 100 }
data               = { count = 3, type = "n2d-standard-2", disk_gb = 100 }
jump               = "e2-micro"
mysql              = { mode = "managed", type = "db-custom-2-8192", storage_gb = 100 }
redis              = { mode = "self" }
rabbitmq           = { mode = "self" }
monthly_budget_usd = 2000
