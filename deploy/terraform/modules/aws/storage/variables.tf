variable "name" {
  description = "What everything is called."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Where hosts mount shared files, one for each zone."
  type        = list(string)
}

variable "hosts_security_group" {
  description = "Who may mount them."
  type        = string
}

variable "shared_files" {
  description = "Whether there is a folder that all hosts share; one host needs none."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that all is encrypted with."
  type        = string
}

variable "deletion_protection" {
  description = "Whether buckets that hold something cannot be deleted."
  type        = bool
}
