output "application_id" {
  description = "Where jobs are sent."
  value       = aws_emrserverless_application.this.id
}

output "job_role_arn" {
  description = "What jobs may do."
  value       = aws_iam_role.job.arn
}
