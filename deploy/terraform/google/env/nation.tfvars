# Millions of learners, a hundred thousand at once; web hosts come and go with the load. Set autoscale.image as the guide
# tells, once the first web host is set up.
zones              = 3
web                = { count = 12, type = "n2d-highcpu-16" }
workers            = { count = 6, type = "n2d-highcpu-8", backup_gb = 1250 }
data               = { count = 3, type = "n2d-highmem-8", disk_gb = 500 }
jump               = "e2-small"
mysql              = { mode = "managed", type = "db-custom-32-212992", storage_gb = 2000, connections = 5000 }
redis              = { mode = "managed", type = "26", nodes = 3 }
rabbitmq           = { mode = "self" }
autoscale          = { image = "", most = 60, requests_per_minute = 24000 }
spark_cores        = 400
files_gb           = 5120
monthly_budget_usd = 35000
