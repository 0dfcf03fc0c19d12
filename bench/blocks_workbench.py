"""The workbench's side of ``bench.blocks``: pages of one scenario. Runs in an environment with xblock-sdk; knows
nothing of Lykeion. Prints milliseconds a page."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main(rounds: int, blocks: str) -> None:
    """Measures the page of a scenario with ``blocks``."""
    os.chdir(os.environ["BENCH_FOLDER"])
    Path("var").mkdir()
    os.environ["DJANGO_SETTINGS_MODULE"] = "workbench.settings"
    import django
    from django.conf import settings

    settings.DEBUG = False
    django.setup()
    from django.core.management import call_command
    from django.test import Client
    from workbench import scenarios

    call_command("migrate", run_syncdb=True, verbosity=0)  # it ships no migrations
    scenarios.get_scenarios.initialized = True  # only ours: some installed block's own may not load
    scenarios.add_xml_scenario("bench", "bench", f"<vertical_demo>{blocks}</vertical_demo>")
    client = Client()

    def page() -> int:
        return client.get("/scenario/bench/").status_code

    for _ in range(5):
        assert page() == 200
    began = time.process_time()
    for _ in range(rounds):
        assert page() == 200
    print(json.dumps({"unit": (time.process_time() - began) / rounds * 1000}))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
