"""The product's own settings in a throw-away home."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="lykeion-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["LYKEION_HOME"] = _home
# Tests wipe what they wrote, so they keep apart from the site that the browser tests serve on the same servers.
# (Django's own test database is apart already.)
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
_apart = {
    "LYKEION_CONTENT_URL": ("/lykeion", f"/test_lykeion_{_worker}"),
    "LYKEION_CACHE_URL": ("/0", f"/{1 + int(_worker[2:])}"),
}
_given = {name: os.environ[name] for name in _apart if os.environ.get(name)}
for _name, _url in _given.items():
    os.environ[_name] = _url.replace(*_apart[_name])
_broker = os.environ.pop("LYKEION_BROKER_URL", "")  # orders in a test's own database are no broker's business

from lykeion.settings import *  # noqa: E402, F403  # the home must be set first; settings are all there is to take

os.environ.update(_given | ({"LYKEION_BROKER_URL": _broker} if _broker else {}))  # for the processes that tests start
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is secret
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # WhiteNoise warns when it is missing, and warnings fail
WHITENOISE_AUTOREFRESH = True  # else every test client looks through all files first; sites that tests start do not
