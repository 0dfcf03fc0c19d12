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
  description = "Type of an instance, such as mq.m5.large."
  type        = string
}

variable "cluster" {
  description = "Whether there are three, in several zones."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that it is encrypted with."
  type        = string
}

variable "password" {
  description = "Password of the user lykeion: 12 to 250 letters and digits."
  type        = string
  sensitive   = true
}
