variable "name" {
  description = "What everything is called."
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

variable "memory_gb" {
  description = "Memory of each node."
  type        = number
}

variable "nodes" {
  description = "How many; with two or more another takes over."
  type        = number
}
