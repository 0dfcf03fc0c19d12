variable "name" {
  description = "What everything is called."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "cidr" {
  description = "Addresses of the network: a /16."
  type        = string
}

variable "zones" {
  description = "How many zones are used."
  type        = number
}

variable "admin_networks" {
  description = "Networks that may use SSH."
  type        = list(string)
}

variable "one_host" {
  description = "Whether the public comes to the host itself."
  type        = bool
}
