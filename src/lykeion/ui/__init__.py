"""Looks and behaviour every page shares: base templates, parts, CSS, TypeScript. Knows no other app."""
