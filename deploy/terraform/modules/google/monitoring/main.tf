# Who is told when a managed part fails, and when the month becomes dear. What happens on hosts is Prometheus's (Ansible).

resource "google_monitoring_notification_channel" "mail" {
  display_name = "Operators of ${var.name}"
  type         = "email"
  labels       = { email_address = var.email }
}

resource "google_billing_budget" "month" {
  count           = var.billing_account == "" ? 0 : 1
  billing_account = var.billing_account
  display_name    = "${var.name}-month"

  budget_filter {
    projects        = ["projects/${var.project}"]
    calendar_period = "MONTH"
  }

  amount {
    specified_amount {
      currency_code = "USD"
      units         = tostring(var.monthly_budget_usd)
    }
  }

  threshold_rules {
    threshold_percent = 0.8
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }

  all_updates_rule {
    monitoring_notification_channels = [google_monitoring_notification_channel.mail.id]
  }
}

locals {
  database = "resource.type=\"cloudsql_database\" AND resource.labels.database_id=\"${var.project}:${var.mysql_identifier}\""
  cache    = "resource.type=\"redis_instance\" AND resource.labels.instance_id=\"${var.redis_id}\""
  visits   = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.backend}\""

  changes = {
    for state in ["HEALTHY", "UNHEALTHY"] :
    state => "sum by (host) (increase(logging_googleapis_com:user_${replace(var.name, "-", "_")}_web_ready{monitored_resource=\"gce_instance_group\", state=\"${state}\"}[12h]))"
  }

  mysql = !var.has_mysql ? {} : {
    mysql-storage = {
      filter = "${local.database} AND metric.type=\"cloudsql.googleapis.com/database/disk/utilization\""
      above  = 0.9, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX"
      about  = "More than nine tenths of MySQL's storage are used: learners' answers are lost when it is full."
    }
    mysql-cpu = {
      filter = "${local.database} AND metric.type=\"cloudsql.googleapis.com/database/cpu/utilization\""
      above  = 0.8, aligner = "ALIGN_MEAN", reducer = "REDUCE_MEAN"
      about  = "MySQL is busy all the time: pages become slow. Take a larger tier."
    }
    mysql-connections = {
      filter = "${local.database} AND metric.type=\"cloudsql.googleapis.com/database/network/connections\""
      above  = var.mysql_connections, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX"
      about  = "MySQL has nearly all the connections that it can have: web hosts are about to be refused."
    }
  }

  redis = !var.has_redis ? {} : {
    redis-memory = {
      filter = "${local.cache} AND metric.type=\"redis.googleapis.com/stats/memory/usage_ratio\""
      above  = 0.9, aligner = "ALIGN_MAX", reducer = "REDUCE_MAX"
      about  = "The memory of Redis is nearly full: when it is, people are signed out. Make it larger."
    }
    redis-cpu = {
      # Seconds of a processor in a second, of the main thread of each node, which is alone.
      filter = "${local.cache} AND metric.type=\"redis.googleapis.com/stats/cpu_utilization_main_thread\""
      above  = 0.8, aligner = "ALIGN_RATE", reducer = "REDUCE_SUM", by = "resource.label.node_id"
      about  = "Redis is busy all the time: every page waits for it. Make it larger."
    }
  }

  balancer = !var.has_balancer ? {} : {
    errors = {
      filter = "${local.visits} AND metric.type=\"loadbalancing.googleapis.com/https/request_count\" AND metric.labels.response_code_class=\"500\""
      above  = 25, aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM"
      about  = "Learners see errors of the site: more than 25 in five minutes."
    }
    slow = {
      filter = "${local.visits} AND metric.type=\"loadbalancing.googleapis.com/https/backend_latencies\""
      above  = 2000, aligner = "ALIGN_PERCENTILE_95", reducer = "REDUCE_MAX"
      about  = "One page in twenty takes more than two seconds."
    }
  }
}

resource "google_monitoring_alert_policy" "this" {
  for_each              = merge(local.mysql, local.redis, local.balancer)
  display_name          = "${var.name}-${each.key}"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]

  documentation {
    content = each.value.about
  }

  conditions {
    display_name = each.key

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = "0s"

      aggregations {
        alignment_period     = "300s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.reducer
        group_by_fields      = compact([lookup(each.value, "by", "")])
      }
    }
  }
}

# The balancer has no figure of hosts that are not ready; it writes down when one becomes so, or no longer is.
resource "google_logging_metric" "ready" {
  count  = var.has_balancer ? 1 : 0
  name   = "${var.name}-web-ready"
  filter = "logName=\"projects/${var.project}/logs/compute.googleapis.com%2Fhealthchecks\" AND resource.type=\"gce_instance_group\" AND resource.labels.instance_group_name=~\"^${var.name}-web\""

  label_extractors = {
    host  = "EXTRACT(jsonPayload.healthCheckProbeResult.ipAddress)"
    state = "EXTRACT(jsonPayload.healthCheckProbeResult.healthState)"
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    labels {
      key = "host"
    }

    labels {
      key = "state"
    }
  }
}

# A host that left more often than it came back in twelve hours, and that for half an hour, is out: longer than web hosts
# need to take a release one after the other. It is told for up to twelve hours.
resource "google_monitoring_alert_policy" "unready" {
  count                 = var.has_balancer ? 1 : 0
  display_name          = "${var.name}-unready"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.mail.id]

  documentation {
    content = "For half an hour some web host was not ready."
  }

  conditions {
    display_name = "unready"

    condition_prometheus_query_language {
      query               = "${local.changes["UNHEALTHY"]} > (${local.changes["HEALTHY"]} or 0 * ${local.changes["UNHEALTHY"]})"
      duration            = "1800s"
      evaluation_interval = "60s"
    }
  }
}
