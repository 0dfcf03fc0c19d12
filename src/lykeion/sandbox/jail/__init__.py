"""What runs on the other side of the wall: standard library only, no Django, no settings, no secrets."""
