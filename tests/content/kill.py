"""What the kill test kills: a process that imports, publishes and collects garbage for ever.

``python -m tests.content.kill FOLDER_A FOLDER_B`` with the same settings as the product. Prints one line when it
is ready, and one after each turn.
"""

from __future__ import annotations

import random
import sys
from itertools import count
from pathlib import Path

import django


def main(folders: list[Path]) -> None:
    """Never ends by itself."""
    django.setup()
    from lykeion.content import api
    from lykeion.core.clock import now
    from lykeion.core.keys import run_of

    run = run_of("Lykeion", "T1", "r1")
    print("ready", flush=True)
    for turn in count(random.randrange(1000)):
        page = folders[turn % 2] / "tabs" / "more.html"
        page.write_text(f"<p>{turn} {random.random()}</p>")
        api.import_course(folders[turn % 2], author="carol", at=now())
        if turn % 3 == 0 and len(api.history(run, "draft")) > 1:
            api.undo(run, branch="draft", author="carol", at=now())
            api.publish(run, ref="vertical@u1", author="carol", at=now())
            api.publish(run, author="carol", at=now())
        if turn % 5 == 0:
            api.collect_garbage(dry_run=False, at=now())
        print("turned", flush=True)


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
