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

variable "network" {
  description = "The network."
  type        = string
}

variable "subnet" {
  description = "Where it is reached."
  type        = string
}

variable "type" {
  description = "SKU, such as Balanced_B10."
  type        = string
}

variable "doubled" {
  description = "Whether another takes over."
  type        = bool
}
