variable "name" {
  description = "What everything is called."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Subnets without a way out, in at least two zones."
  type        = list(string)
}

variable "hosts_security_group" {
  description = "Who may ask."
  type        = string
}

variable "type" {
  description = "Class of the instance, such as db.m6g.large."
  type        = string
}

variable "storage_gb" {
  description = "Storage to begin with; it grows to four times as much by itself."
  type        = number
}

variable "multi_az" {
  description = "Whether a second one in another zone takes over."
  type        = bool
}

variable "insights" {
  description = "Whether slow statements are recorded (not for the smallest classes)."
  type        = bool
}

variable "kms_key_arn" {
  description = "Key that it is encrypted with."
  type        = string
}

variable "deletion_protection" {
  description = "Whether it cannot be deleted by mistake, and leaves a last snapshot when it is."
  type        = bool
}
