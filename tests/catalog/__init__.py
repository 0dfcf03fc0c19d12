"""Tests of `lykeion.catalog`."""
