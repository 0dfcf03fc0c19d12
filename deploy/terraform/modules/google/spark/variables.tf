variable "name" {
  description = "What everything is called."
  type        = string
}

variable "project" {
  description = "Project."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "subnet" {
  description = "Where it runs."
  type        = string
}

variable "cores" {
  description = "Cores at most."
  type        = number
}

variable "buckets" {
  description = "Buckets by what they hold."
  type        = map(string)
}
