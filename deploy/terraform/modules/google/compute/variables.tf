variable "name" {
  description = "What everything is called."
  type        = string
}

variable "subnet" {
  description = "Where hosts are."
  type        = string
}

variable "region" {
  description = "Region."
  type        = string
}

variable "zones" {
  description = "Zones that hosts are spread over."
  type        = list(string)
}

variable "tags" {
  description = "Marks that rules of the network go by: host, way, web."
  type        = map(string)
}

variable "hosts" {
  description = "Hosts by name: machine type, disk, place (which zone), whether it is reached from outside, groups."
  type        = map(object({ type = string, disk_gb = number, place = number, public = bool, groups = list(string) }))
}

variable "image" {
  description = "Image of the hosts; '' for the newest Debian 12."
  type        = string
}

variable "user" {
  description = "Whom administrators come in as."
  type        = string
}

variable "ssh_public_key" {
  description = "Public key of the administrators."
  type        = string
}

variable "identity" {
  description = "Who hosts are."
  type        = string
}

variable "deletion_protection" {
  description = "Whether hosts cannot be deleted by mistake."
  type        = bool
}

variable "autoscale" {
  description = "Web hosts beyond the fixed ones: image ('' for none), machine type, how many at most."
  type        = object({ image = string, type = string, most = number })
}
