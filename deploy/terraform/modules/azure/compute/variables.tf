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

variable "subnet" {
  description = "Where hosts are."
  type        = string
}

variable "zones" {
  description = "How many zones hosts are spread over."
  type        = number
}

variable "marks" {
  description = "What rules of the network go by: host, way-in, web."
  type        = map(string)
}

variable "hosts" {
  description = "Hosts by name: machine type, disk, place (which zone), whether it is reached from outside, groups."
  type        = map(object({ type = string, disk_gb = number, place = number, public = bool, groups = list(string) }))
}

variable "image" {
  description = "Id of the image of the hosts; '' for the newest Debian 12."
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

variable "pools" {
  description = "The balancer's pool of web hosts; none without a balancer."
  type        = list(string)
}

variable "autoscale" {
  description = "Web hosts beyond the fixed ones: id of the image ('' for none), machine type, how many at most."
  type        = object({ image = string, type = string, most = number })
}
