variable "name" {
  description = "What everything is called."
  type        = string
}

variable "bucket_arns" {
  description = "Buckets that hosts read and write, by what they hold."
  type        = map(string)
}

variable "autoscales" {
  description = "Whether web hosts come with the load."
  type        = bool
}
