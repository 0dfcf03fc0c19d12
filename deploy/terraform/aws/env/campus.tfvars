# Tens of thousands of learners, some thousand at once. Any host, and any zone, may be lost.
zones              = 3
web                = { count = 3, type = "c6i.xlarge" }
workers            = { count = 2, type = "c6i.large", backup_gb = 100 }
data               = { count = 3, type = "m6i.large", disk_gb = 100 }
jump               = "t3.micro"
mysql              = { mode = "managed", type = "db.m6g.large", storage_gb = 100 }
redis              = { mode = "self" }
rabbitmq           = { mode = "self" }
monthly_budget_usd = 2300
