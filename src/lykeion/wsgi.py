"""The door for a WSGI server."""

from __future__ import annotations

import gc

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

# What was loaded until here lives as long as the process, and a page makes thousands of objects that die with it:
# looking for cycles after every 700 of them would cost a tenth of each request.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
