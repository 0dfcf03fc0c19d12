"""The package xblock-utils, which is a part of XBlock now: some blocks import it without asking for it."""
