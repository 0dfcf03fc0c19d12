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
