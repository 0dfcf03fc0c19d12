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
  visits   = "resource.type=\"https_lb_rule\" AND resource.labels.backend_target_name=\"${var.backend}\""

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
  for_each              = merge(local.mysql, local.balancer)
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
      }
    }
  }
}
