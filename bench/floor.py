"""The floor: a bare Django view with session, user and one indexed query, on the same server and database.

Settings are those of ``django-admin startproject``; with ``FLOOR_KEEP=yes`` it keeps its database connections, as
Lykeion does.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path

from lykeion.core.databases import database

DATABASE = database(os.environ.get("FLOOR_DATABASE_URL", ""), Path(os.environ["FLOOR_HOME"]))
if os.environ.get("FLOOR_KEEP") != "yes":
    DATABASE["CONN_MAX_AGE"] = 0

settings.configure(
    SECRET_KEY="only for benchmarks",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={"default": DATABASE},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402  # needs setup()
from django.contrib.auth.models import Permission, User  # noqa: E402  # needs setup()
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402  # needs setup()
from django.core.management import call_command  # noqa: E402  # needs setup()
from django.core.wsgi import get_wsgi_application  # noqa: E402  # needs setup()


def view(request: HttpRequest) -> HttpResponse:
    """Session, user, one indexed query."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    found = Permission.objects.get(pk=1 + request.user.pk % 8)
    return HttpResponse(f"<p>{request.user.username} {found.codename}</p>")


urlpatterns = [path("", view)]
application = get_wsgi_application()


def prepare(users: int) -> list[str]:
    """Tables and people; the session keys of the people."""
    call_command("migrate", interactive=False, verbosity=0)
    keys = []
    for number in range(users):
        user = User.objects.create_user(f"learner{number}-{secrets.token_hex(4)}")
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


if __name__ == "__main__":
    print("\n".join(prepare(int(sys.argv[1]))))
