variable "name" {
  description = "What everything is called."
  type        = string
}

variable "email" {
  description = "Who is told."
  type        = string
}

variable "monthly_budget_usd" {
  description = "What a month may cost: told at 80 %, and when it is foreseen to be passed."
  type        = number
}

variable "kms_key_arn" {
  description = "Key that messages are encrypted with."
  type        = string
}

variable "has_mysql" {
  description = "Whether MySQL is managed."
  type        = bool
}

variable "has_balancer" {
  description = "Whether there is a balancer."
  type        = bool
}

variable "mysql_identifier" {
  description = "Managed MySQL; '' without."
  type        = string
}

variable "mysql_connections" {
  description = "Connections that are too many: nine tenths of what its class can have."
  type        = number
}

variable "redis_nodes" {
  description = "What the nodes of managed Redis are called; none without."
  type        = list(string)
  default     = []
}

variable "rabbitmq_broker" {
  description = "Managed RabbitMQ; '' without."
  type        = string
  default     = ""
}

variable "balancer_suffix" {
  description = "Balancer; '' without."
  type        = string
}

variable "target_group_suffix" {
  description = "Its group of web hosts; '' without."
  type        = string
}
