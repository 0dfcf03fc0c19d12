"""The ground: one job a file, no app, no table."""
