"""Background jobs of ``accounts``."""
