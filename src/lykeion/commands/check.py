"""``lykeion check``: every configured service, answered with what is wrong and how to mend it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator

from lykeion.commands.sandbox import ask_machine, ask_running
from lykeion.commands.services import Finding, ask_analytics, ask_files, ask_jobs, ask_mail, ask_services
from lykeion.commands.start import start

NO_ROOM = 500 * 1024 * 1024  # bytes; less free space than this is worth a warning


def check(deploy: bool) -> int:
    """Prints one line a service; the exit code is 1 when something has to be mended."""
    start()
    wrong = 0
    for finding in _findings(deploy):
        print(f"{'!!' if finding.mend else 'ok'}  {finding.what} {finding.said}")
        if finding.mend:
            wrong += 1
            print(f"      -> {finding.mend}")
    print(f"{wrong} to mend" if wrong else "Everything answers.", file=sys.stderr)
    return 1 if wrong else 0


def _findings(deploy: bool) -> Iterator[Finding]:
    yield _home()
    yield ask_tracking()
    services = list(ask_services())
    yield from services
    if not services[0].mend:
        yield from ask_jobs()
    yield ask_files()
    yield from ask_analytics()
    yield ask_mail()
    yield _assets()
    yield from _guests()
    yield ask_running(deploy)
    if deploy:
        yield ask_machine()
        yield from _deploy()


def _home() -> Finding:
    from django.conf import settings  # settings exist only after start()

    free = shutil.disk_usage(settings.HOME).free
    said = f"is {settings.HOME}, {free // 2**20} MB free"
    return Finding("home", said, "free some space" if free < NO_ROOM else "")


def ask_tracking() -> Finding:
    """Whether events were lost."""
    from lykeion.events import api as events  # settings exist only after start()

    lost = events.lost_by_all()
    if lost is None:
        return Finding("tracking log", "has lost nothing")
    said = f"could not be written: {lost.count} events were lost from {lost.first} to {lost.last}"
    return Finding("tracking log", said, f"see that there is room, then remove {events.lost_file()}")


def _assets() -> Finding:
    from django.contrib.staticfiles import finders  # settings exist only after start()

    if finders.find("ui/main.js") is None:
        return Finding("assets", "are not built", "run `make build`")
    return Finding("assets", "are built")


def _guests() -> Iterator[Finding]:
    """What of installed packages of others does not work here."""
    from lykeion import urls  # noqa: F401  # settings exist only after start(); their addresses are tried by this
    from lykeion.shims.plugins import troubles

    for trouble in troubles:
        yield Finding("package", str(trouble), f"mend or uninstall {trouble.app}; all else works without it")


def _deploy() -> Iterator[Finding]:
    from django.conf import settings  # settings exist only after start()

    if settings.LYKEION_DEVELOPMENT:
        yield Finding("site", "answers on this machine only", "set LYKEION_SITE_URL to the https address people use")
    elif not settings.SITE_URL.startswith("https://"):
        yield Finding("site", f"is {settings.SITE_URL}", "use https, or passwords travel in the open")
    else:
        yield Finding("site", f"is {settings.SITE_URL}")
    if not settings.ENV["LYKEION_MAIL_URL"]:
        yield Finding("mail", "reaches nobody", "set LYKEION_MAIL_URL")
