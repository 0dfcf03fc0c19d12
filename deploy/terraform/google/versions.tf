terraform {
  required_version = ">= 1.9"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # Filled in by `terraform init -backend-config=backend.hcl`: bucket, prefix (see the guide). It locks by itself.
  backend "gcs" {}
}

provider "google" {
  project               = var.project
  region                = var.region
  user_project_override = true
  billing_project       = var.project
  default_labels        = { site = var.name, made-by = "terraform" }
}
