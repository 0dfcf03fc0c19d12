# Tens of thousands of learners, some thousand at once. Any host, and any zone, may be lost.
zones              = 3
web                = { count = 3, type = "Standard_D4as_v5" }
workers            = { count = 2, type = "Standard_D2as_v5", backup_gb = 100 }
data               = { count = 3, type = "Standard_D2as_v5", disk_gb = 100 }
jump               = "Standard_B1s"
mysql              = { mode = "managed", type = "GP_Standard_D2ads_v5", storage_gb = 100 }
redis              = { mode = "self" }
rabbitmq           = { mode = "self" }
monthly_budget_usd = 2000
