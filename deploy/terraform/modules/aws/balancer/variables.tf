variable "name" {
  description = "What everything is called."
  type        = string
}

variable "host" {
  description = "Name of the site, such as learn.example.org."
  type        = string
}

variable "zone_id" {
  description = "Zone of Route 53 that holds the name; '' where the name is kept elsewhere."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "subnets" {
  description = "Public subnets in at least two zones."
  type        = list(string)
}

variable "hosts_security_group" {
  description = "Of the web hosts."
  type        = string
}

variable "web_instance_ids" {
  description = "Web hosts by name."
  type        = map(string)
}

variable "deletion_protection" {
  description = "Whether it cannot be deleted by mistake."
  type        = bool
}
