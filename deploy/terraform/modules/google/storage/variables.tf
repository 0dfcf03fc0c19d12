variable "name" {
  description = "What everything is called."
  type        = string
}

variable "project" {
  description = "Project: names of buckets begin with it, for they are the world's."
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

variable "shared_files" {
  description = "Whether there is a folder that all hosts share; one host needs none."
  type        = bool
}

variable "files_gb" {
  description = "How large it is: 1024 or more."
  type        = number
}

variable "deletion_protection" {
  description = "Whether what holds something cannot be deleted."
  type        = bool
}
