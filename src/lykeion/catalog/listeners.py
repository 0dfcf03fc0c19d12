"""What ``catalog`` does when something happens elsewhere."""
