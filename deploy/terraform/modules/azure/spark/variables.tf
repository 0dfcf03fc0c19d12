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

variable "workspace_name" {
  description = "Name of the workspace, which is the world's."
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

variable "cores" {
  description = "Cores at most."
  type        = number
}

variable "lake_url" {
  description = "Where the lake is."
  type        = string
}

variable "lake_account" {
  description = "Account that holds the lake."
  type        = string
}

variable "logs_account" {
  description = "Account that holds tracking logs."
  type        = string
}
