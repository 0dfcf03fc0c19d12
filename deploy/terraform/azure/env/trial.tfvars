# One host for a trial or a small school: some hundred learners. Its data are in its own backups only.
one_host           = true
zones              = 2
web                = { count = 1, type = "Standard_B2ms", disk_gb = 80 }
workers            = { count = 0, type = "" }
data               = { count = 0, type = "" }
mysql              = { mode = "self" }
redis              = { mode = "self" }
rabbitmq           = { mode = "self" }
monthly_budget_usd = 120
