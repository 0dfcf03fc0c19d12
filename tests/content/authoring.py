"""The authors of ``test_authors.py``: ``python -m tests.content.authoring TURNS NAME NAME ...``.

Makes a process of each, which work at once, and prints what each got done as JSON: what it put into the list that all
share, and what its own blocks should be like now.
"""

from __future__ import annotations

import json
import multiprocessing
import random
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import django


def _mark(draft: Any, marks: list[str], base: Any) -> None:
    draft.update("html@shared", {"marks": marks}, base=base)


class Author:
    """Works in a shared course; every change is one call of the door."""

    def __init__(self, name: str) -> None:
        from lykeion.content import api
        from lykeion.core.clock import now
        from lykeion.core.keys import run_of

        self.name, self.api, self.now = name, api, now
        self.run = run_of("Lykeion", "T1", "now")
        self.own = f"vertical@{name}"
        self.done: dict[str, Any] = {"listed": [], "added": [], "text": "", "unit": "vertical@common"}

    def work(self, turns: int) -> dict[str, Any]:
        """Everything once, then in any order."""
        acts: list[Callable[[int], None]] = [self.write, self.sign, self.add, self.publish, self.move, self.list]
        for turn in range(turns):
            (acts[turn] if turn < len(acts) else random.choice(acts))(turn)
        self.publish(turns)
        return self.done

    def edit(self, change: Callable[[Any], Any]) -> None:
        self.api.edit(self.run, change, author=self.name, at=self.now())

    def write(self, turn: int) -> None:
        """The text of a block of one's own."""
        self.done["text"] = f"{self.name} {turn}"
        self.edit(lambda draft: draft.update(f"html@{self.name}", {"data": self.done["text"]}))

    def sign(self, turn: int) -> None:
        """A field of one's own of the block that all share."""
        root = self.api.head(self.run, "draft")
        seen = self.api.way(root, "html@shared")[-1].object_id
        self.edit(lambda draft: draft.update("html@shared", {self.name: turn}, base=seen))
        self.done["signed"] = turn

    def add(self, turn: int) -> None:
        """A block in the unit that all share."""
        from lykeion.content.types import NewBlock

        block = NewBlock("html", f"{self.name}_{turn}", {"data": "new"})
        self.edit(lambda draft: draft.add("vertical@common", block, random.randrange(5)))
        self.done["added"].append(f"html@{block.id}")

    def move(self, turn: int) -> None:
        """A block of one's own into the other unit."""
        target = "vertical@common" if self.done["unit"] == self.own else self.own
        self.edit(lambda draft: draft.move(f"html@{self.name}_walker", target, 0))
        self.done["unit"] = target

    def list(self, turn: int) -> None:
        """Puts a mark into the list that all share: whoever was not quick enough is told, and looks again."""
        from lykeion.content.types import ChangedMeanwhile

        mark = f"{self.name} {turn}"
        while mark not in self.done["listed"]:
            seen = self.api.way(self.api.head(self.run, "draft"), "html@shared")[-1].object_id
            marks = [*self.api.nodes([seen])[seen].fields["marks"], mark]
            with suppress(ChangedMeanwhile):
                self.edit(
                    lambda draft, seen=seen, marks=marks: draft.update("html@shared", {"marks": marks}, base=seen)
                )
                self.done["listed"].append(mark)

    def publish(self, turn: int) -> None:
        """The unit of one's own."""
        self.api.publish(self.run, ref=self.own, author=self.name, at=self.now())


def at_work(name: str, turns: int, start: Any, done: Any) -> None:
    author = Author(name)
    start.wait()
    done.put((name, author.work(turns)))


def main(turns: int, names: list[str]) -> None:
    """Nothing of the database is open yet when the processes part."""
    django.setup()
    from lykeion.content import api

    assert api.edit
    context = multiprocessing.get_context("fork")
    start, done = context.Barrier(len(names)), context.Queue()
    processes = [context.Process(target=at_work, args=(name, turns, start, done)) for name in names]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    told = dict(done.get(timeout=1) for process in processes if process.exitcode == 0)
    print(json.dumps([told[name] for name in names]))


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
