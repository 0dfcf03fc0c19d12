"""Its addresses cannot be imported."""

raise ImportError("no addresses")
