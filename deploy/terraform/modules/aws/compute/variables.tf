variable "name" {
  description = "What everything is called."
  type        = string
}

variable "vpc_id" {
  description = "The network."
  type        = string
}

variable "public_subnets" {
  description = "For hosts that are reached from outside."
  type        = list(string)
}

variable "host_subnets" {
  description = "For the other hosts; they are spread over these."
  type        = list(string)
}

variable "hosts" {
  description = "Hosts by name: machine type, disk, place (which zone), whether it is reached from outside, groups."
  type = map(object({
    type    = string
    disk_gb = number
    place   = number
    public  = bool
    groups  = list(string)
  }))
}

variable "image" {
  description = "Image of the hosts; '' for the newest Debian 12."
  type        = string
}

variable "one_host" {
  description = "Whether the public comes to the host itself."
  type        = bool
}

variable "admin_networks" {
  description = "Networks that may use SSH."
  type        = list(string)
}

variable "ssh_public_key" {
  description = "Public key of the administrators."
  type        = string
}

variable "instance_profile" {
  description = "What hosts may do at AWS."
  type        = string
}

variable "kms_key_arn" {
  description = "Key that disks are encrypted with."
  type        = string
}

variable "deletion_protection" {
  description = "Whether hosts cannot be deleted by mistake."
  type        = bool
}

variable "autoscale" {
  description = "Web hosts beyond the fixed ones: image ('' for none), machine type, how many at most, and the requests a minute that one is to have."
  type = object({
    image               = string
    type                = string
    most                = number
    requests_per_minute = number
  })
}

variable "autoscaling_role" {
  description = "Who starts web hosts beyond the fixed ones; '' without."
  type        = string
}

variable "target_group_arns" {
  description = "Where the balancer finds web hosts; none without a balancer."
  type        = list(string)
}

variable "autoscale_label" {
  description = "What the balancer and its group are called by the metric of requests; '' without."
  type        = string
}
