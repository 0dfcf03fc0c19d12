terraform {
  required_version = ">= 1.9"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 4.55"
    }
  }

  # Filled in by `terraform init -backend-config=backend.hcl`: account, container, key (see the guide). It locks by itself.
  backend "azurerm" {}
}

provider "azurerm" {
  subscription_id     = var.subscription
  storage_use_azuread = true

  features {
    storage {
      data_plane_available = false # what is stored is reached from the hosts only, not from where Terraform runs
    }
  }
}
