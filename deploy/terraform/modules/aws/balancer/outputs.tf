output "address" {
  description = "Name that the site's own name points to."
  value       = aws_lb.this.dns_name
}

output "arn_suffix" {
  description = "What alarms call the balancer."
  value       = aws_lb.this.arn_suffix
}

output "target_group_arn" {
  description = "Where more web hosts come in."
  value       = aws_lb_target_group.web.arn
}

output "target_group_suffix" {
  description = "What alarms call the group of web hosts."
  value       = aws_lb_target_group.web.arn_suffix
}

output "validation" {
  description = "Records to make where the name is kept elsewhere: name, type, value."
  value = [
    for option in aws_acm_certificate.this.domain_validation_options : {
      name  = option.resource_record_name
      type  = option.resource_record_type
      value = option.resource_record_value
    }
  ]
}
