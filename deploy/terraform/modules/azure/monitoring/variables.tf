variable "name" {
  description = "What everything is called."
  type        = string
}

variable "group" {
  description = "Group of resources that all is in: its name."
  type        = string
}

variable "group_id" {
  description = "Its id."
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

variable "has_mysql" {
  description = "Whether MySQL is managed."
  type        = bool
}

variable "has_balancer" {
  description = "Whether there is a balancer."
  type        = bool
}

variable "mysql" {
  description = "Managed MySQL; '' without."
  type        = string
}

variable "mysql_connections" {
  description = "Connections that are too many: nine tenths of what its SKU can have."
  type        = number
}

variable "has_redis" {
  description = "Whether Redis is managed."
  type        = bool
  default     = false
}

variable "redis_id" {
  description = "Managed Redis; '' without."
  type        = string
  default     = ""
}

variable "balancer" {
  description = "Balancer; '' without."
  type        = string
}
