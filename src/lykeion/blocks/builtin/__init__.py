"""The kinds of blocks that Lykeion brings itself, each in a folder of its own, found by entry points like any other."""
