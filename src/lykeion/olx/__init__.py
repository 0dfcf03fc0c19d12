"""Course XML (OLX), in and out, without Django and without XBlock.

`lykeion.olx.api` is the door: `unpack`, `read_course`, `write_course`, `pack`. The values that pass through it
are in `lykeion.olx.types`.
"""
