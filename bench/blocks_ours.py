"""Our side of ``bench.blocks``: whole unit pages for a learner, in this process. Prints milliseconds a page."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

COURSE = """<course url_name="R" org="Bench" course="Blocks" display_name="Blocks" start="2020-01-01T00:00:00Z">
  <chapter url_name="c"><sequential url_name="s"><vertical url_name="u">{}</vertical></sequential></chapter></course>"""
PLAIN = '<html url_name="h"><p>Text</p></html>' * 3


def main(rounds: int, blocks: str, only: str = "") -> None:
    """Measures the unit of ``blocks`` and a plain one (or ``only`` one of them)."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lykeion.settings")
    import django

    django.setup()
    from lykeion.commands.serve import migrate

    migrate()
    wanted = {"plain": PLAIN, "unit": blocks}
    figures = {name: _measure(name, wanted[name], rounds) for name in wanted if only in {"", name}}
    print(json.dumps(figures))


def _measure(name: str, blocks: str, rounds: int) -> float:
    from django.test import Client

    from lykeion.accounts import api as accounts
    from lykeion.accounts.models import User
    from lykeion.catalog import api as catalog
    from lykeion.content import api as content
    from lykeion.core.clock import now
    from lykeion.core.keys import run_of

    folder = Path(os.environ["BENCH_FOLDER"]) / name
    folder.mkdir()
    (folder / "course.xml").write_text(COURSE.format(blocks))
    run = run_of("Bench", name, "R")
    content.import_course(folder, run=run, author="bench", at=now(), progress=lambda *_: None)
    person = accounts.create_person(
        username=name, email=f"{name}@example.org", password=name, full_name=name, confirmed=True, strict_password=False
    )
    catalog.enrol(person.id, run, at=now())
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(pk=person.id))
    return measured(lambda: client.get(f"/courses/{run}/courseware/c/s/1/").status_code, rounds)


def measured(page, rounds: int) -> float:  # type: ignore[no-untyped-def]  # also used without our types
    """Milliseconds of processor time for each call of ``page``, which returns its status."""
    for _ in range(5):
        assert page() == 200
    began = time.process_time()
    for _ in range(rounds):
        assert page() == 200
    return (time.process_time() - began) / rounds * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:])
