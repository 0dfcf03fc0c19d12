variable "name" {
  description = "What everything is called."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Where it runs."
  type        = list(string)
}

variable "cores" {
  description = "Cores at most."
  type        = number
}

variable "bucket_arns" {
  description = "Buckets by what they hold."
  type        = map(string)
}

variable "kms_key_arn" {
  description = "Key of the buckets."
  type        = string
}
