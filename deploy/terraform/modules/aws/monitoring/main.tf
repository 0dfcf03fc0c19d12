# Who is told when a managed part fails, and when the month becomes dear. What happens on hosts is Prometheus's (Ansible).

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.kms_key_arn
}

resource "aws_sns_topic_subscription" "mail" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.email
}

resource "aws_budgets_budget" "month" {
  name         = "${var.name}-month"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  dynamic "notification" {
    for_each = { ACTUAL = 80, FORECASTED = 100 }

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.key
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = [var.email]
    }
  }
}

locals {
  mysql = !var.has_mysql ? {} : {
    mysql-storage = {
      namespace = "AWS/RDS", metric = "FreeStorageSpace", statistic = "Minimum", below = true, threshold = 10 * 1024 * 1024 * 1024
      about     = "Less than 10 GB are left to MySQL: learners' answers are lost when it is full."
    }
    mysql-cpu = {
      namespace = "AWS/RDS", metric = "CPUUtilization", statistic = "Average", below = false, threshold = 80
      about     = "MySQL is busy all the time: pages become slow. Take a larger class."
    }
    mysql-connections = {
      namespace = "AWS/RDS", metric = "DatabaseConnections", statistic = "Maximum", below = false, threshold = var.mysql_connections
      about     = "MySQL has nearly all the connections that it can have: web hosts are about to be refused."
    }
  }
  balancer = !var.has_balancer ? {} : {
    unready = {
      namespace = "AWS/ApplicationELB", metric = "UnHealthyHostCount", statistic = "Minimum", below = false, threshold = 0.5, periods = 4
      about     = "For twenty minutes, longer than web hosts need to take a release one after the other, some web host was not ready."
    }
    errors = {
      namespace = "AWS/ApplicationELB", metric = "HTTPCode_Target_5XX_Count", statistic = "Sum", below = false, threshold = 25
      about     = "Learners see errors of the site: more than 25 in five minutes."
    }
    refused = {
      namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", statistic = "Sum", below = false, threshold = 25
      about     = "The balancer itself answers with errors, for it reaches no web host: more than 25 in five minutes."
    }
    slow = {
      namespace = "AWS/ApplicationELB", metric = "TargetResponseTime", statistic = "Average", below = false, threshold = 1
      about     = "Pages take more than a second on average."
    }
  }
  redis = merge([
    for node in var.redis_nodes : {
      "redis-memory-${node}" = {
        namespace = "AWS/ElastiCache", metric = "DatabaseMemoryUsagePercentage", statistic = "Maximum", below = false, threshold = 90
        about     = "The memory of Redis is nearly full: when it is, people are signed out. Take a larger type."
      }
      "redis-cpu-${node}" = {
        namespace = "AWS/ElastiCache", metric = "EngineCPUUtilization", statistic = "Average", below = false, threshold = 80
        about     = "Redis is busy all the time: every page waits for it. Take a larger type."
      }
    }
  ]...)
  rabbitmq = var.rabbitmq_broker == "" ? {} : {
    rabbitmq-workers = {
      namespace = "AWS/AmazonMQ", metric = "ConsumerCount", statistic = "Maximum", below = true, threshold = 1, periods = 2
      about     = "For ten minutes no worker was connected to RabbitMQ: jobs wait."
    }
    rabbitmq-waiting = {
      namespace = "AWS/AmazonMQ", metric = "MessageReadyCount", statistic = "Minimum", below = false, threshold = 10000, periods = 3
      about     = "For a quarter of an hour more than ten thousand jobs waited in RabbitMQ."
    }
    rabbitmq-cpu = {
      namespace = "AWS/AmazonMQ", metric = "SystemCpuUtilization", statistic = "Average", below = false, threshold = 80, periods = 2
      about     = "RabbitMQ is busy all the time: jobs begin late. Take a larger type."
    }
  }
  balancer_dimensions = { LoadBalancer = var.balancer_suffix, TargetGroup = var.target_group_suffix }
  dimensions = merge(
    { for name in keys(local.mysql) : name => { DBInstanceIdentifier = var.mysql_identifier } },
    { for name in keys(local.balancer) : name => local.balancer_dimensions },
    merge([for node in var.redis_nodes : { for what in ["memory", "cpu"] : "redis-${what}-${node}" => { CacheClusterId = node } }]...),
    { for name in keys(local.rabbitmq) : name => { Broker = var.rabbitmq_broker } },
    { refused = { LoadBalancer = var.balancer_suffix } }, # it counts these for no group
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each            = merge(local.mysql, local.redis, local.rabbitmq, local.balancer)
  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.about
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  period              = 300
  evaluation_periods  = lookup(each.value, "periods", 1)
  threshold           = each.value.threshold
  comparison_operator = each.value.below ? "LessThanThreshold" : "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
  dimensions          = local.dimensions[each.key]
}

# RabbitMQ takes no more jobs when its memory is at its limit, which is each type's own.
resource "aws_cloudwatch_metric_alarm" "rabbitmq_memory" {
  count               = var.rabbitmq_broker == "" ? 0 : 1
  alarm_name          = "${var.name}-rabbitmq-memory"
  alarm_description   = "RabbitMQ uses more than four fifths of the memory at which it takes no more jobs."
  evaluation_periods  = 1
  threshold           = 80
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]

  metric_query {
    id          = "share"
    expression  = "100 * used / limit"
    label       = "Share of the memory"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { used = "RabbitMQMemUsed", limit = "RabbitMQMemLimit" }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/AmazonMQ"
        metric_name = metric_query.value
        stat        = "Average"
        period      = 300
        dimensions  = { Broker = var.rabbitmq_broker }
      }
    }
  }
}
