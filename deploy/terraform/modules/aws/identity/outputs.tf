output "kms_key_arn" {
  description = "Key that everything is encrypted with."
  value       = aws_kms_key.this.arn
}

output "instance_profile" {
  description = "For hosts."
  value       = aws_iam_instance_profile.host.name
}

output "autoscaling_role" {
  description = "Who starts web hosts that come with the load; '' without."
  value       = join("", aws_iam_service_linked_role.autoscaling[*].arn)
}
