"""Tests of `lykeion.accounts`."""
