"""Where objects and refs live: one protocol (``content.types.ObjectStore``), one module for each kind of server."""
