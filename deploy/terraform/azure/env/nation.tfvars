# Millions of learners, a hundred thousand at once; web hosts come and go with the load. Set autoscale.image as the guide
# tells, once the first web host is set up.
zones              = 3
web                = { count = 12, type = "Standard_D16as_v5" }
workers            = { count = 6, type = "Standard_D8as_v5", backup_gb = 1250 }
data               = { count = 3, type = "Standard_E8as_v5", disk_gb = 500 }
jump               = "Standard_B1ms"
mysql              = { mode = "managed", type = "MO_Standard_E32ads_v5", storage_gb = 2000, connections = 5000 }
redis              = { mode = "managed", type = "Balanced_B20", nodes = 2 }
rabbitmq           = { mode = "self" }
autoscale          = { image = "", most = 60, requests_per_minute = 24000 }
spark_cores        = 400
files_gb           = 5120
monthly_budget_usd = 35000
