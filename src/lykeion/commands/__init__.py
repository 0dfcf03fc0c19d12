"""What the command line does; the top floor, beside settings and urls: wiring, no rules."""
