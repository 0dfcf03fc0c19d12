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

variable "vault_name" {
  description = "Name of the Key Vault, which is the world's."
  type        = string
}

variable "subnet" {
  description = "Where hosts are."
  type        = string
}

variable "admin_networks" {
  description = "Networks of administrators, who put secrets into the vault."
  type        = list(string)
}

variable "secrets" {
  description = "Secrets by name."
  type        = map(string)
  sensitive   = true
}

variable "storage_accounts" {
  description = "Accounts whose containers hosts read and write, by what they hold."
  type        = map(string)
}
