variable "name" {
  description = "What everything is called."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Subnets without a way out."
  type        = list(string)
}

variable "hosts_security_group" {
  description = "Who may ask."
  type        = string
}

variable "type" {
  description = "Type of a node, such as cache.m6g.large."
  type        = string
}

variable "nodes" {
  description = "How many; with two or more another takes over."
  type        = number
}

variable "kms_key_arn" {
  description = "Key that it is encrypted with."
  type        = string
}

variable "password" {
  description = "Password, 16 to 128 letters and digits."
  type        = string
  sensitive   = true
}
