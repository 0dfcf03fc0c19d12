"""The product's own settings in a throw-away home."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="lykeion-tests-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["LYKEION_HOME"] = _home

from lykeion.settings import *  # noqa: E402, F403  # the home must be set first; settings are all there is to take

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast; nothing here is secret
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405  # WhiteNoise warns when it is missing, and warnings fail
