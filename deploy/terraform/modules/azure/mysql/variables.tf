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

variable "server_name" {
  description = "Name of the server, which is the world's."
  type        = string
}

variable "network" {
  description = "The network."
  type        = string
}

variable "subnet" {
  description = "A subnet for it alone."
  type        = string
}

variable "type" {
  description = "SKU, such as GP_Standard_D2ads_v5."
  type        = string
}

variable "storage_gb" {
  description = "Storage to begin with; it grows by itself."
  type        = number
}

variable "multi_az" {
  description = "Whether a second one in another zone takes over."
  type        = bool
}

variable "password" {
  description = "Password of the administrator."
  type        = string
  sensitive   = true
}

variable "deletion_protection" {
  description = "Whether it cannot be deleted by mistake."
  type        = bool
}
