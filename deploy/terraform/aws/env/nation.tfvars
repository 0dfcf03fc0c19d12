# Millions of learners, a hundred thousand at once; web hosts come and go with the load. Set autoscale.image as the guide
# tells, once the first web host is set up.
zones              = 3
web                = { count = 12, type = "c6i.4xlarge" }
workers            = { count = 6, type = "c6i.2xlarge", backup_gb = 1250 }
data               = { count = 3, type = "r6i.2xlarge", disk_gb = 500 }
jump               = "t3.small"
mysql              = { mode = "managed", type = "db.r6g.8xlarge", storage_gb = 2000, connections = 5000 }
redis              = { mode = "managed", type = "cache.r6g.xlarge", nodes = 3 }
rabbitmq           = { mode = "self" }
autoscale          = { image = "", most = 60, requests_per_minute = 24000 }
spark_cores        = 400
monthly_budget_usd = 35000
