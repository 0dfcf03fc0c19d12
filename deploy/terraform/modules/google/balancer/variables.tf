variable "name" {
  description = "What everything is called."
  type        = string
}

variable "host" {
  description = "Name of the site, such as learn.example.org."
  type        = string
}


variable "groups" {
  description = "Groups of web hosts."
  type        = list(string)
}

variable "requests_per_second" {
  description = "What one web host is to have."
  type        = number
}
