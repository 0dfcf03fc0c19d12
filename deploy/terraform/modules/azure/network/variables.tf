variable "name" {
  description = "What everything is called."
  type        = string
}

variable "group" {
  description = "Group of resources that all is in."
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

variable "admin_networks" {
  description = "Networks that may use SSH."
  type        = list(string)
}

variable "way_out" {
  description = "Whether private hosts need a way out."
  type        = bool
}
