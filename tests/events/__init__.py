"""Tests of `lykeion.events`."""
