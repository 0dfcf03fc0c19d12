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

variable "prefix" {
  description = "What names of storage accounts begin with, which are the world's: at most 20 small letters and digits."
  type        = string
}

variable "subnet" {
  description = "Where hosts are; nobody else reaches what is stored."
  type        = string
}

variable "shared_files" {
  description = "Whether there is a folder that all hosts share; one host needs none."
  type        = bool
}

variable "files_gb" {
  description = "How large it is."
  type        = number
}

variable "deletion_protection" {
  description = "Whether what holds something cannot be deleted."
  type        = bool
}
