variable "name" {
  description = "What everything is called."
  type        = string
}

variable "project" {
  description = "Project."
  type        = string
}

variable "buckets" {
  description = "Buckets that hosts read and write, by what they hold."
  type        = map(string)
}
