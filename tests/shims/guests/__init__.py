"""Packages as others might install them: good ones, and ones that fail in each way there is."""
