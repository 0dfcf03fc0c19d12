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
  description = "How many availability zones are used."
  type        = number
}

variable "nat_gateways" {
  description = "Ways out for private hosts: 0 where there are none, 1, or one for each zone."
  type        = number
}
