# Who is told when a managed part fails, and when the month becomes dear. What happens on hosts is Prometheus's (Ansible).

resource "azurerm_monitor_action_group" "operators" {
  name                = "${var.name}-operators"
  resource_group_name = var.group
  short_name          = "operators"

  email_receiver {
    name          = "operators"
    email_address = var.email
  }
}

resource "azurerm_consumption_budget_resource_group" "month" {
  name              = "${var.name}-month"
  resource_group_id = var.group_id
  amount            = var.monthly_budget_usd
  time_grain        = "Monthly"

  time_period {
    start_date = formatdate("YYYY-MM-01'T'00:00:00'Z'", plantimestamp())
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 80
    contact_emails = [var.email]
  }

  notification {
    operator       = "GreaterThan"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_emails = [var.email]
  }

  lifecycle {
    ignore_changes = [time_period] # it begins in the month in which it was made
  }
}

locals {
  mysql = !var.has_mysql ? {} : {
    mysql-storage = {
      metric = "storage_percent", how = "Maximum", operator = "GreaterThan", threshold = 90
      about  = "More than nine tenths of MySQL's storage are used: learners' answers are lost when it is full."
    }
    mysql-cpu = {
      metric = "cpu_percent", how = "Average", operator = "GreaterThan", threshold = 80
      about  = "MySQL is busy all the time: pages become slow. Take a larger SKU."
    }
    mysql-connections = {
      metric = "active_connections", how = "Maximum", operator = "GreaterThan", threshold = var.mysql_connections
      about  = "MySQL has nearly all the connections that it can have: web hosts are about to be refused."
    }
  }
  redis = !var.has_redis ? {} : {
    redis-memory = {
      metric = "usedmemorypercentage", how = "Maximum", operator = "GreaterThan", threshold = 90
      about  = "The memory of Redis is nearly full: when it is, people are signed out. Take a larger type."
    }
    redis-cpu = {
      metric = "serverLoad", how = "Maximum", operator = "GreaterThan", threshold = 80, window = "PT15M"
      about  = "Redis is busy all the time: every page waits for it. Take a larger type."
    }
  }
  balancer = !var.has_balancer ? {} : {
    unready = {
      # A release takes each host out for about a minute of these fifteen: some seven of a hundred.
      metric = "DipAvailability", how = "Average", operator = "LessThan", threshold = 90, window = "PT15M", port = "443"
      about  = "For a quarter of an hour more than a tenth of the web hosts was not ready."
    }
    unreached = {
      metric = "VipAvailability", how = "Average", operator = "LessThan", threshold = 95
      about  = "The balancer is not reached."
    }
  }
  of = merge(
    { for name in keys(local.mysql) : name => { id = var.mysql, namespace = "Microsoft.DBforMySQL/flexibleServers" } },
    { for name in keys(local.redis) : name => { id = var.redis_id, namespace = "Microsoft.Cache/redisEnterprise" } },
    { for name in keys(local.balancer) : name => { id = var.balancer, namespace = "Microsoft.Network/loadBalancers" } },
  )
}

resource "azurerm_monitor_metric_alert" "this" {
  for_each            = merge(local.mysql, local.redis, local.balancer)
  name                = "${var.name}-${each.key}"
  resource_group_name = var.group
  description         = each.value.about
  scopes              = [local.of[each.key].id]
  frequency           = "PT1M"
  window_size         = lookup(each.value, "window", "PT5M")
  severity            = 1

  criteria {
    metric_namespace = local.of[each.key].namespace
    metric_name      = each.value.metric
    aggregation      = each.value.how
    operator         = each.value.operator
    threshold        = each.value.threshold

    dynamic "dimension" {
      for_each = toset(compact([lookup(each.value, "port", "")]))
      content {
        name     = "BackendPort" # on port 80 the balancer asks something else
        operator = "Include"
        values   = [dimension.value]
      }
    }
  }

  action {
    action_group_id = azurerm_monitor_action_group.operators.id
  }
}
