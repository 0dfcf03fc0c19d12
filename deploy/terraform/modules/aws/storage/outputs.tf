output "buckets" {
  description = "Names by what they hold: backups, tracking, lake."
  value       = { for holds, bucket in aws_s3_bucket.this : holds => bucket.bucket }
}

output "bucket_arns" {
  description = "The same as hosts are given rights to them."
  value       = { for holds, bucket in aws_s3_bucket.this : holds => bucket.arn }
}

output "files_source" {
  description = "What hosts mount; '' where nothing is shared."
  value       = var.shared_files ? "${aws_efs_file_system.this[0].dns_name}:/" : ""
}
