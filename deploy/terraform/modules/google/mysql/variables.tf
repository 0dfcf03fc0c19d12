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

variable "type" {
  description = "Tier, such as db-custom-4-16384."
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
  description = "Whether slow statements are recorded."
  type        = bool
}

variable "deletion_protection" {
  description = "Whether it cannot be deleted by mistake."
  type        = bool
}
