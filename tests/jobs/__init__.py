"""Tests of `lykeion.jobs`."""
