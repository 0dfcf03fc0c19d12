# Hosts, each with its groups; who may reach whom is said between security groups, never between addresses.

data "aws_ami" "debian" {
  count       = var.image == "" ? 1 : 0
  most_recent = true
  owners      = ["136693071363"] # Debian

  filter {
    name   = "name"
    values = ["debian-12-amd64-*"]
  }
}

resource "aws_key_pair" "admin" {
  key_name   = var.name
  public_key = var.ssh_public_key
}

resource "aws_security_group" "hosts" {
  name        = "${var.name}-hosts"
  description = "Hosts of the site"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "among" {
  security_group_id            = aws_security_group.hosts.id
  description                  = "Hosts reach each other; each host's own firewall says on which ports"
  referenced_security_group_id = aws_security_group.hosts.id
  ip_protocol                  = "-1"
}

resource "aws_vpc_security_group_egress_rule" "out" {
  security_group_id = aws_security_group.hosts.id
  description       = "Packages, mail, object storage, other learning tools"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group" "way_in" {
  name        = "${var.name}-way-in"
  description = "SSH of administrators, and the public of a site of one host"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "ssh" {
  for_each          = toset(var.admin_networks)
  security_group_id = aws_security_group.way_in.id
  description       = "SSH of administrators"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
}

resource "aws_vpc_security_group_ingress_rule" "web" {
  for_each          = var.one_host ? toset(["80", "443"]) : toset([])
  security_group_id = aws_security_group.way_in.id
  description       = "The public"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = tonumber(each.value)
  to_port           = tonumber(each.value)
}

# Apart from the hosts, so that one that is made anew keeps its address, by which the others and the databases know it.
resource "aws_network_interface" "host" {
  for_each  = var.hosts
  subnet_id = each.value.public ? var.public_subnets[0] : var.host_subnets[each.value.place % length(var.host_subnets)]
  security_groups = concat(
    [aws_security_group.hosts.id],
    each.value.public ? [aws_security_group.way_in.id] : [],
  )
  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_instance" "host" {
  for_each = var.hosts

  ami                     = var.image == "" ? data.aws_ami.debian[0].id : var.image
  instance_type           = each.value.type
  key_name                = aws_key_pair.admin.key_name
  iam_instance_profile    = var.instance_profile
  disable_api_termination = var.deletion_protection
  ebs_optimized           = true

  network_interface {
    device_index         = 0
    network_interface_id = aws_network_interface.host[each.key].id
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = each.value.disk_gb
    encrypted   = true
    kms_key_id  = var.kms_key_arn
  }

  tags = { Name = "${var.name}-${each.key}" }

  lifecycle {
    ignore_changes = [ami] # a newer image is no reason to lose a host; hosts update themselves
  }
}

resource "aws_eip" "public" {
  for_each = { for name, host in var.hosts : name => host if host.public }
  instance = aws_instance.host[each.key].id
  domain   = "vpc"
  tags     = { Name = "${var.name}-${each.key}" }
}

# Web hosts beyond the fixed ones, while there is much to do. They start from an image of a web host, which the guide
# tells how to make; without an image there are none.
resource "aws_launch_template" "web" {
  count         = var.autoscale.image == "" ? 0 : 1
  name_prefix   = "${var.name}-web-"
  image_id      = var.autoscale.image
  instance_type = var.autoscale.type
  ebs_optimized = true

  user_data              = filebase64("${path.module}/../../first-boot.sh")
  vpc_security_group_ids = [aws_security_group.hosts.id]

  iam_instance_profile {
    name = var.instance_profile
  }

  metadata_options {
    http_endpoint = "enabled"
    http_tokens   = "required"
  }

  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "${var.name}-web-more" }
  }
}

resource "aws_autoscaling_group" "web" {
  count                   = var.autoscale.image == "" ? 0 : 1
  name                    = "${var.name}-web"
  min_size                = 0
  max_size                = var.autoscale.most
  vpc_zone_identifier     = var.host_subnets
  target_group_arns       = var.target_group_arns
  service_linked_role_arn = var.autoscaling_role

  # Not "ELB": a host that takes a release, or has not got its first one yet, says on purpose that it is not ready. The
  # balancer sends nobody there, and that is enough; such a host must not be replaced.
  health_check_type         = "EC2"
  health_check_grace_period = 180

  launch_template {
    id      = aws_launch_template.web[0].id
    version = aws_launch_template.web[0].latest_version
  }

  tag {
    key                 = "Name"
    value               = "${var.name}-web-more"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_policy" "web" {
  count                  = var.autoscale.image == "" ? 0 : 1
  name                   = "${var.name}-web-requests"
  autoscaling_group_name = aws_autoscaling_group.web[0].name
  policy_type            = "TargetTrackingScaling"

  target_tracking_configuration {
    target_value = var.autoscale.requests_per_minute

    predefined_metric_specification {
      predefined_metric_type = "ALBRequestCountPerTarget"
      resource_label         = var.autoscale_label
    }
  }
}
