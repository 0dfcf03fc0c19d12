"""Stand-in for Open edX's package of this name: XML from people."""
