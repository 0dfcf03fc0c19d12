variable "one_host" {
  description = "Everything on one host."
  type        = bool
}

variable "web" {
  description = "Web hosts: how many, machine type, disk."
  type        = object({ count = number, type = string, disk_gb = number })
}

variable "workers" {
  description = "Worker hosts; the first has backup_gb beside its disk_gb."
  type        = object({ count = number, type = string, disk_gb = number, backup_gb = number })
}

variable "data" {
  description = "Hosts of databases."
  type        = object({ count = number, type = string, disk_gb = number })
}

variable "jump" {
  description = "Machine type of the host that administrators come in by; '' for none."
  type        = string
}

variable "mysql_is_managed" {
  description = "Whether the cloud keeps MySQL."
  type        = bool
}

variable "redis_is_managed" {
  description = "Whether the cloud keeps Redis."
  type        = bool
}

variable "rabbitmq_is_self" {
  description = "Whether RabbitMQ runs on hosts of ours; not every cloud sells it."
  type        = bool
  default     = true
}
