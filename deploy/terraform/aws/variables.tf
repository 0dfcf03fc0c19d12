# The same names in aws, google and azure; only machine types, regions and the zone of the name differ.

variable "name" {
  description = "What everything is called: 3 to 20 small letters, digits and dashes."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name: 3 to 20 small letters, digits and dashes, such as lykeion; it begins with a letter."
  }
}

variable "region" {
  description = "Region, such as eu-central-1."
  type        = string
}

variable "site_url" {
  description = "Address that people use, such as https://learn.example.org."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.site_url))
    error_message = "site_url: https:// and a name, without a path, such as https://learn.example.org."
  }
}

variable "dns_zone" {
  description = "Id of the Route 53 zone that holds the name; '' where the name is kept elsewhere."
  type        = string
  default     = ""
}

variable "admin_networks" {
  description = "Networks that may use SSH, such as [\"203.0.113.0/24\"]."
  type        = list(string)

  validation {
    condition     = length(var.admin_networks) > 0 && alltrue([for one in var.admin_networks : can(cidrhost(one, 0))])
    error_message = "admin_networks: at least one network, such as 203.0.113.7/32."
  }

  validation {
    condition     = alltrue([for one in var.admin_networks : tonumber(split("/", one)[1]) >= 8])
    error_message = "admin_networks: the whole world must not try passwords; name your own networks."
  }
}

variable "ssh_public_key" {
  description = "Public key of the administrators."
  type        = string
}

variable "alarm_email" {
  description = "Who is told of alarms and of the month's cost."
  type        = string

  validation {
    condition     = can(regex("^[^@ ]+@[^@ ]+$", var.alarm_email))
    error_message = "alarm_email: a mail address."
  }
}

variable "monthly_budget_usd" {
  description = "What a month may cost."
  type        = number
}

variable "network" {
  description = "Addresses of the network, a /16."
  type        = string
  default     = "10.20.0.0/16"

  validation {
    condition     = can(cidrhost(var.network, 0)) && endswith(var.network, "/16")
    error_message = "network: a /16, such as 10.20.0.0/16."
  }
}

variable "zones" {
  description = "Availability zones."
  type        = number
  default     = 3

  validation {
    condition     = var.zones >= 2 && var.zones <= 3
    error_message = "zones: 2 or 3."
  }
}

variable "one_host" {
  description = "Everything on one host, reached directly: size trial."
  type        = bool
  default     = false
}

variable "web" {
  description = "Web hosts: how many, machine type."
  type        = object({ count = number, type = string, disk_gb = optional(number, 30) })

  validation {
    condition     = var.web.count >= 1
    error_message = "web: at least one host."
  }
}

variable "workers" {
  description = "Worker hosts; the first keeps the clock, the backups and the monitoring, and has backup_gb beside: twice a packed backup. None where there is one host."
  type        = object({ count = number, type = string, disk_gb = optional(number, 50), backup_gb = optional(number, 100) })
}

variable "data" {
  description = "Hosts with MongoDB, RabbitMQ and, where they are not managed, MySQL and Redis: 3, or none where there is one host."
  type        = object({ count = number, type = string, disk_gb = optional(number, 100) })

  validation {
    condition     = contains([0, 3, 5], var.data.count)
    error_message = "data: a replica set needs an odd number of hosts: 3 or 5 (0 where there is one host)."
  }
}

variable "image" {
  description = "Image of the hosts, with Debian 12; '' for the newest that Debian made."
  type        = string
  default     = ""
}

variable "jump" {
  description = "Machine type of the host that administrators come in by; '' for none (one host)."
  type        = string
  default     = ""
}

variable "mysql" {
  description = "mode: managed, or self (on the hosts `data`); class, storage, whether another zone takes over, connections it can have."
  type = object({
    mode        = string
    type        = optional(string, "")
    storage_gb  = optional(number, 50)
    multi_az    = optional(bool, true)
    insights    = optional(bool, true)
    connections = optional(number, 600)
  })

  validation {
    condition     = contains(["managed", "self"], var.mysql.mode) && (var.mysql.mode == "self" || var.mysql.type != "")
    error_message = "mysql: mode is managed (with a type) or self."
  }
}

variable "redis" {
  description = "mode: managed, or self; type of a node, how many."
  type        = object({ mode = string, type = optional(string, ""), nodes = optional(number, 2) })

  validation {
    condition     = contains(["managed", "self"], var.redis.mode) && (var.redis.mode == "self" || var.redis.type != "")
    error_message = "redis: mode is managed (with a type) or self."
  }
}

variable "redis_password" {
  description = "Managed Redis: 16 to 128 letters and digits. Give it by TF_VAR_redis_password; the encrypted state keeps it."
  type        = string
  sensitive   = true
  default     = ""

  validation {
    condition     = var.redis.mode == "self" || can(regex("^[A-Za-z0-9]{16,128}$", var.redis_password))
    error_message = "redis_password: managed Redis needs TF_VAR_redis_password, 16 to 128 letters and digits."
  }
}

variable "rabbitmq" {
  description = "mode: managed, or self (on the hosts `data`); type, whether it is a cluster."
  type        = object({ mode = string, type = optional(string, ""), cluster = optional(bool, true) })

  validation {
    condition     = contains(["managed", "self"], var.rabbitmq.mode) && (var.rabbitmq.mode == "self" || var.rabbitmq.type != "")
    error_message = "rabbitmq: mode is managed (with a type) or self."
  }
}

variable "rabbitmq_password" {
  description = "Managed RabbitMQ: 12 to 250 letters and digits. Give it by TF_VAR_rabbitmq_password; the encrypted state keeps it."
  type        = string
  sensitive   = true
  default     = ""

  validation {
    condition     = var.rabbitmq.mode == "self" || can(regex("^[A-Za-z0-9]{12,250}$", var.rabbitmq_password))
    error_message = "rabbitmq_password: managed RabbitMQ needs TF_VAR_rabbitmq_password, 12 to 250 letters and digits."
  }
}

variable "autoscale" {
  description = "Web hosts beyond the fixed ones: image ('' for none), how many at most (0: none for now), requests a minute that one is to have."
  type = object({
    image               = string
    most                = number
    requests_per_minute = number
  })
  default = { image = "", most = 0, requests_per_minute = 6000 }
}

variable "spark_cores" {
  description = "Managed Spark for analysts' own jobs over the lake, which the site never uses: cores at most; 0 for none."
  type        = number
  default     = 0
}

variable "deletion_protection" {
  description = "Whether what holds data cannot be deleted by mistake."
  type        = bool
  default     = true
}

variable "emulated" {
  description = "An emulator of the cloud is asked (tests)."
  type        = bool
  default     = false
}
