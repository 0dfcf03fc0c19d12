# Hosts, each with its groups. Azure encrypts their disks, and what goes between them and the machine that they run on.

locals {
  public     = { for name, host in var.hosts : name => host if host.public }
  web        = { for name, host in var.hosts : name => host if contains(host.groups, "web") }
  autoscaled = var.autoscale.image == "" ? 0 : 1
  least      = min(1, var.autoscale.most) # of none there are no figures, so more would never come
}

resource "azurerm_public_ip" "host" {
  for_each            = local.public
  name                = "${var.name}-${each.key}"
  resource_group_name = var.group
  location            = var.region
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_network_interface" "host" {
  for_each            = var.hosts
  name                = "${var.name}-${each.key}"
  resource_group_name = var.group
  location            = var.region

  ip_configuration {
    name                          = "only"
    subnet_id                     = var.subnet
    private_ip_address_allocation = "Dynamic"
    public_ip_address_id          = each.value.public ? azurerm_public_ip.host[each.key].id : null
  }
}

resource "azurerm_network_interface_application_security_group_association" "host" {
  for_each                      = var.hosts
  network_interface_id          = azurerm_network_interface.host[each.key].id
  application_security_group_id = var.marks["host"]
}

resource "azurerm_network_interface_application_security_group_association" "way_in" {
  for_each                      = local.public
  network_interface_id          = azurerm_network_interface.host[each.key].id
  application_security_group_id = var.marks["way-in"]
}

resource "azurerm_network_interface_application_security_group_association" "web" {
  for_each                      = local.web
  network_interface_id          = azurerm_network_interface.host[each.key].id
  application_security_group_id = var.marks["web"]
}

resource "azurerm_network_interface_backend_address_pool_association" "web" {
  for_each                = length(var.pools) > 0 ? local.web : {}
  network_interface_id    = azurerm_network_interface.host[each.key].id
  ip_configuration_name   = "only"
  backend_address_pool_id = var.pools[0]
}

resource "azurerm_linux_virtual_machine" "host" {
  for_each                        = var.hosts
  name                            = "${var.name}-${each.key}"
  computer_name                   = each.key
  resource_group_name             = var.group
  location                        = var.region
  zone                            = tostring(each.value.place % var.zones + 1)
  size                            = each.value.type
  admin_username                  = var.user
  disable_password_authentication = true
  allow_extension_operations      = false
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  network_interface_ids           = [azurerm_network_interface.host[each.key].id]
  source_image_id                 = var.image == "" ? null : var.image

  admin_ssh_key {
    username   = var.user
    public_key = var.ssh_public_key
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity]
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
    disk_size_gb         = each.value.disk_gb
  }

  dynamic "source_image_reference" {
    for_each = var.image == "" ? [1] : []

    content {
      publisher = "Debian"
      offer     = "debian-12"
      sku       = "12-gen2"
      version   = "latest"
    }
  }

  boot_diagnostics {}

  lifecycle {
    ignore_changes = [source_image_id, source_image_reference] # a newer image is no reason to lose a host
  }

  depends_on = [
    azurerm_network_interface_application_security_group_association.host,
    azurerm_network_interface_application_security_group_association.way_in,
  ]
}

# Web hosts beyond the fixed ones, while there is much to do. They start from an image of a web host, which the guide
# tells how to make; without an image there are none. All web hosts get the same share of the load, so these tell of all.
resource "azurerm_linux_virtual_machine_scale_set" "web" {
  count                           = local.autoscaled
  name                            = "${var.name}-web"
  computer_name_prefix            = "webmore"
  resource_group_name             = var.group
  location                        = var.region
  zones                           = [for number in range(var.zones) : tostring(number + 1)]
  sku                             = var.autoscale.type
  instances                       = local.least
  admin_username                  = var.user
  disable_password_authentication = true
  extension_operations_enabled    = false
  encryption_at_host_enabled      = true
  secure_boot_enabled             = true
  vtpm_enabled                    = true
  overprovision                   = false
  source_image_id                 = var.autoscale.image
  custom_data                     = filebase64("${path.module}/../../first-boot.sh")

  admin_ssh_key {
    username   = var.user
    public_key = var.ssh_public_key
  }

  identity {
    type         = "UserAssigned"
    identity_ids = [var.identity]
  }

  os_disk {
    caching              = "ReadWrite"
    storage_account_type = "Premium_LRS"
  }

  network_interface {
    name    = "only"
    primary = true

    ip_configuration {
      name                                   = "only"
      primary                                = true
      subnet_id                              = var.subnet
      load_balancer_backend_address_pool_ids = var.pools
      application_security_group_ids         = [var.marks["host"], var.marks["web"]]
    }
  }

  lifecycle {
    ignore_changes = [instances] # they come and go by themselves
  }
}

resource "azurerm_monitor_autoscale_setting" "web" {
  count               = local.autoscaled
  name                = "${var.name}-web"
  resource_group_name = var.group
  location            = var.region
  target_resource_id  = azurerm_linux_virtual_machine_scale_set.web[0].id

  profile {
    name = "load"

    capacity {
      default = local.least
      minimum = local.least
      maximum = var.autoscale.most
    }

    dynamic "rule" {
      for_each = {
        more = { operator = "GreaterThan", threshold = 55, direction = "Increase", value = 4, wait = "PT3M" }
        less = { operator = "LessThan", threshold = 25, direction = "Decrease", value = 1, wait = "PT10M" }
      }

      content {
        metric_trigger {
          metric_name        = "Percentage CPU"
          metric_resource_id = azurerm_linux_virtual_machine_scale_set.web[0].id
          time_grain         = "PT1M"
          statistic          = "Average"
          time_window        = "PT5M"
          time_aggregation   = "Average"
          operator           = rule.value.operator
          threshold          = rule.value.threshold
        }

        scale_action {
          direction = rule.value.direction
          type      = "ChangeCount"
          value     = rule.value.value
          cooldown  = rule.value.wait
        }
      }
    }
  }
}
