# A network whose hosts nobody reaches from outside, but for administrators (hosts marked way-in) and the public (hosts
# marked web). Managed databases are in subnets of their own, without an address outside.

resource "azurerm_virtual_network" "this" {
  name                = var.name
  resource_group_name = var.group
  location            = var.region
  address_space       = [var.cidr]
}

resource "azurerm_subnet" "hosts" {
  name                            = "hosts"
  resource_group_name             = var.group
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.cidr, 2, 1)]
  service_endpoints               = ["Microsoft.Storage", "Microsoft.KeyVault"]
  default_outbound_access_enabled = false
}

resource "azurerm_subnet" "mysql" {
  name                            = "mysql"
  resource_group_name             = var.group
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.cidr, 8, 128)]
  default_outbound_access_enabled = false

  delegation {
    name = "mysql"

    service_delegation {
      name    = "Microsoft.DBforMySQL/flexibleServers"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}

resource "azurerm_subnet" "private" {
  name                            = "private"
  resource_group_name             = var.group
  virtual_network_name            = azurerm_virtual_network.this.name
  address_prefixes                = [cidrsubnet(var.cidr, 8, 129)]
  default_outbound_access_enabled = false

  private_endpoint_network_policies = "Enabled" # else the rules below would not be asked
}

resource "azurerm_public_ip" "out" {
  count               = var.way_out ? 1 : 0
  name                = "${var.name}-out"
  resource_group_name = var.group
  location            = var.region
  allocation_method   = "Static"
  sku                 = "Standard"
}

resource "azurerm_nat_gateway" "this" {
  count               = var.way_out ? 1 : 0
  name                = var.name
  resource_group_name = var.group
  location            = var.region
  sku_name            = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "this" {
  count                = var.way_out ? 1 : 0
  nat_gateway_id       = azurerm_nat_gateway.this[0].id
  public_ip_address_id = azurerm_public_ip.out[0].id
}

resource "azurerm_subnet_nat_gateway_association" "hosts" {
  count          = var.way_out ? 1 : 0
  nat_gateway_id = azurerm_nat_gateway.this[0].id
  subnet_id      = azurerm_subnet.hosts.id
}

resource "azurerm_application_security_group" "this" {
  for_each            = toset(["host", "way-in", "web"])
  name                = "${var.name}-${each.key}"
  resource_group_name = var.group
  location            = var.region
}

resource "azurerm_network_security_group" "hosts" {
  name                = "${var.name}-hosts"
  resource_group_name = var.group
  location            = var.region
}

resource "azurerm_subnet_network_security_group_association" "hosts" {
  subnet_id                 = azurerm_subnet.hosts.id
  network_security_group_id = azurerm_network_security_group.hosts.id
}

resource "azurerm_network_security_rule" "among" {
  name                        = "among"
  description                 = "Hosts reach each other; each host's own firewall says on which ports"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.hosts.name
  priority                    = 100
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "*"
  source_port_range           = "*"
  destination_port_range      = "*"

  source_application_security_group_ids      = [azurerm_application_security_group.this["host"].id]
  destination_application_security_group_ids = [azurerm_application_security_group.this["host"].id]
}

resource "azurerm_network_security_rule" "ssh" {
  name                        = "ssh"
  description                 = "SSH of administrators"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.hosts.name
  priority                    = 110
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefixes     = var.admin_networks
  source_port_range           = "*"
  destination_port_range      = "22"

  destination_application_security_group_ids = [azurerm_application_security_group.this["way-in"].id]
}

# The balancer hands on what the public sent as it is, so web hosts see the public's own addresses.
resource "azurerm_network_security_rule" "public" {
  name                        = "public"
  description                 = "The public"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.hosts.name
  priority                    = 120
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "Internet"
  source_port_range           = "*"
  destination_port_ranges     = ["80", "443"]

  destination_application_security_group_ids = [azurerm_application_security_group.this["web"].id]
}

resource "azurerm_network_security_rule" "balancer" {
  name                        = "balancer"
  description                 = "The balancer's questions whether a host is ready"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.hosts.name
  priority                    = 130
  direction                   = "Inbound"
  access                      = "Allow"
  protocol                    = "Tcp"
  source_address_prefix       = "AzureLoadBalancer"
  source_port_range           = "*"
  destination_port_ranges     = ["80", "443"]

  destination_application_security_group_ids = [azurerm_application_security_group.this["web"].id]
}

# Else Azure lets in whatever is in the network.
resource "azurerm_network_security_rule" "nothing_else" {
  name                        = "nothing-else"
  description                 = "Nothing else"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.hosts.name
  priority                    = 4000
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}

resource "azurerm_network_security_group" "managed" {
  name                = "${var.name}-managed"
  resource_group_name = var.group
  location            = var.region
}

resource "azurerm_subnet_network_security_group_association" "managed" {
  for_each                  = { mysql = azurerm_subnet.mysql.id, private = azurerm_subnet.private.id }
  subnet_id                 = each.value
  network_security_group_id = azurerm_network_security_group.managed.id
}

resource "azurerm_network_security_rule" "managed" {
  name                         = "hosts"
  description                  = "Hosts of the site reach MySQL, Redis and Spark"
  resource_group_name          = var.group
  network_security_group_name  = azurerm_network_security_group.managed.name
  priority                     = 100
  direction                    = "Inbound"
  access                       = "Allow"
  protocol                     = "Tcp"
  source_address_prefixes      = azurerm_subnet.hosts.address_prefixes
  source_port_range            = "*"
  destination_address_prefixes = concat(azurerm_subnet.mysql.address_prefixes, azurerm_subnet.private.address_prefixes)
  destination_port_ranges      = ["443", "3306", "10000"]
}

resource "azurerm_network_security_rule" "mysql_among" {
  name                         = "mysql-among"
  description                  = "MySQL and the one that takes over"
  resource_group_name          = var.group
  network_security_group_name  = azurerm_network_security_group.managed.name
  priority                     = 110
  direction                    = "Inbound"
  access                       = "Allow"
  protocol                     = "*"
  source_address_prefixes      = azurerm_subnet.mysql.address_prefixes
  source_port_range            = "*"
  destination_address_prefixes = azurerm_subnet.mysql.address_prefixes
  destination_port_range       = "*"
}

resource "azurerm_network_security_rule" "managed_nothing_else" {
  name                        = "nothing-else"
  description                 = "Nothing else"
  resource_group_name         = var.group
  network_security_group_name = azurerm_network_security_group.managed.name
  priority                    = 4000
  direction                   = "Inbound"
  access                      = "Deny"
  protocol                    = "*"
  source_address_prefix       = "*"
  source_port_range           = "*"
  destination_address_prefix  = "*"
  destination_port_range      = "*"
}
