"""The floor: a bare Django view with session, user and one indexed query, on the same server and database."""

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

settings.configure(
    SECRET_KEY="only for benchmarks",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    DATABASES={"default": database(os.environ.get("FLOOR_DATABASE_URL", ""), Path(os.environ["FLOOR_HOME"]))},
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
