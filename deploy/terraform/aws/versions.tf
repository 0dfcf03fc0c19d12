terraform {
  required_version = ">= 1.10" # use_lockfile

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # Filled in by `terraform init -backend-config=backend.hcl`: bucket, key, region, encrypt, use_lockfile (see the guide).
  backend "s3" {}
}

provider "aws" {
  region            = var.region
  s3_use_path_style = var.emulated

  # An emulator knows no accounts.
  skip_credentials_validation = var.emulated
  skip_metadata_api_check     = var.emulated

  default_tags {
    tags = { site = var.name, made-by = "terraform" }
  }
}
