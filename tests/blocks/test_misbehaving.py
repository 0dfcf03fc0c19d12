"""Blocks of others that misbehave harm nobody but themselves."""

from __future__ import annotations

import gc
import json
import locale
import logging
import os
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.core import XBlock, XBlockAside
from xblock.fields import Dict, Integer, Scope

from lykeion.blocks import api, guarding, registry
from lykeion.blocks.types import HandlerFailed
from tests.blocks.visits import ALICE, BOB, COUNTER, DAN, KEY, Block, as_seen_by, posted, shown, visit

# Where time is over just while hypothesis counts what collecting garbage costs, Python swallows that; it comes again.
pytestmark = pytest.mark.filterwarnings("ignore:.*gc_callback:pytest.PytestUnraisableExceptionWarning")
SORRY = "This part of the page cannot be shown at the moment. The rest of the page works as usual."
SLOW = "This part of the page took too long and was stopped. The rest of the page works as usual."
NEIGHBOUR = Block("html", "fine", {"data": "still here"})


def spins(block: Any) -> None:
    while True:
        pass


def swallows(block: Any) -> None:
    for _time in range(2):
        try:
            spins(block)
        except:  # noqa: E722  that is what is tested
            continue
    spins(block)


def sleeps(block: Any) -> None:
    time.sleep(100)


def exits(block: Any) -> None:
    sys.exit("bye")


def recurses(block: Any) -> None:
    recurses(block)


def runs_out_of_memory(block: Any) -> None:
    raise MemoryError


def ends_as_a_generator(block: Any) -> None:
    raise GeneratorExit


def asks_for_what_it_did_not_declare(block: Any) -> None:
    block.runtime.service(block, "user")


def returns_a_text(block: Any) -> str:
    return "<p>no fragment</p>"


def returns_nothing(block: Any) -> None:
    return None


def hands_out_what_is_no_json(block: Any) -> Fragment:
    shown = Fragment("x")
    shown.initialize_js("X", {"lock": threading.Lock()})
    return shown


def writes_a_book(block: Any) -> Fragment:
    return Fragment("x" * (guarding.LARGEST_HTML + 1))


def writes_to_the_course(block: Any) -> Fragment:
    block.limit = 7
    return Fragment("changed")


def keeps_and_falls(block: Any) -> None:
    block.count = 5
    block.save()
    block.runtime.publish(block, "grade", {"value": 1, "max_value": 1})
    raise RuntimeError("it fell")


class Unruly(XBlock):
    """Does what ``what`` names."""

    deeds: dict[str, Callable[[Any], Any]] = {}
    count = Integer(default=0, scope=Scope.user_state)
    limit = Integer(default=3, scope=Scope.settings)
    shared = Dict(default={}, scope=Scope.user_state)

    def student_view(self, context: Any = None) -> Any:
        return self.deeds[self.scope_ids.usage_id.block_id](self)

    @XBlock.handler
    def do(self, request: Request, suffix: str = "") -> Any:
        return self.deeds[suffix](self)


DEEDS = [
    (spins, SLOW, "It was stopped after"),
    (swallows, SLOW, "It was stopped after"),
    (sleeps, SLOW, "It was stopped after"),
    (exits, SORRY, "SystemExit: bye"),
    (recurses, SORRY, "RecursionError"),
    (runs_out_of_memory, SORRY, "MemoryError"),
    (ends_as_a_generator, SORRY, "GeneratorExit"),
    (asks_for_what_it_did_not_declare, SORRY, "was not requested"),
    (returns_a_text, SORRY, "student_view returned str, not a Fragment"),
    (returns_nothing, SORRY, "student_view returned NoneType, not a Fragment"),
    (hands_out_what_is_no_json, SORRY, "TypeError"),
    (writes_a_book, SORRY, "million characters of HTML"),
    (writes_to_the_course, SORRY, "belongs to the course"),
    (keeps_and_falls, SORRY, "RuntimeError: it fell"),
]
HANGING = (spins, swallows, sleeps)


@pytest.fixture(autouse=True)
def unruly(installed: registry.Registry, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The unruly block, installed, with half a second for each call."""
    found = [*installed._find(), EntryPoint("unruly", f"{__name__}:Unruly", "xblock.v1")]
    monkeypatch.setattr(registry, "installed", registry.Registry(lambda: found))
    monkeypatch.setattr(guarding.limits, "seconds", 0.3)
    monkeypatch.setattr(Unruly, "deeds", {deed.__name__: deed for deed, _said, _why in DEEDS})
    yield


def does(deed: Callable[[Any], Any]) -> None:
    Unruly.deeds[deed.__name__] = deed


@pytest.mark.parametrize(("deed", "said", "why"), DEEDS, ids=[deed.__name__ for deed, _said, _why in DEEDS])
def test_its_neighbours_are_shown_its_box_is_honest_and_nothing_of_it_is_kept(
    deed: Callable[[Any], Any], said: str, why: str, caplog: pytest.LogCaptureFixture
) -> None:
    seen = visit(Block("unruly", deed.__name__), NEIGHBOUR)
    refs = [f"unruly@{deed.__name__}", "html@fine"]

    to_learner = api.render_unit_blocks(seen, refs)
    to_staff = api.render_unit_blocks(as_seen_by(seen, BOB), refs)

    assert [shown(rendered) for rendered in to_learner.values()] == [said, "still here"]
    assert why in shown(to_staff[refs[0]])
    assert (seen.state.documents, seen.sink.all) == ({}, [])
    assert f"type@unruly+block@{deed.__name__}" in caplog.text


@pytest.mark.parametrize("deed", [spins, sleeps, exits, returns_a_text, keeps_and_falls])
def test_a_handler_that_misbehaves_fails_alone(deed: Callable[[Any], Any]) -> None:
    seen = visit(Block("unruly", "x"))

    with pytest.raises(HandlerFailed, match="nothing was changed") as caught:
        api.handle(seen, "unruly@x", "do", deed.__name__, posted({}))

    assert caught.value.staff
    assert (seen.state.documents, seen.sink.all) == ({}, [])


def test_an_answer_without_end_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    def pours(block: Any) -> Response:
        return Response(app_iter=iter(lambda: b"x" * (1 << 20), None))

    monkeypatch.setattr(guarding, "LARGEST_REPLY", 4 << 20)
    does(pours)

    with pytest.raises(HandlerFailed) as caught:
        api.handle(visit(Block("unruly", "x")), "unruly@x", "do", "pours", posted({}))

    assert "more than 4 MB" in caught.value.staff


def test_a_second_slow_block_of_a_type_gets_no_chance_on_the_same_page() -> None:
    blocks = [Block("unruly", "spins"), Block("unruly", "sleeps"), NEIGHBOUR]
    began = time.monotonic()

    page = api.render_unit_blocks(visit(*blocks), ["unruly@spins", "unruly@sleeps", "html@fine"])

    assert [shown(one) for one in page.values()] == [SLOW, SLOW, "still here"]
    assert time.monotonic() - began < 1.5


def test_sockets_without_a_timeout_get_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as client:

        def waits_for_an_answer(block: Any) -> None:
            client.connect(server.getsockname())
            client.recv(1)

        does(waits_for_an_answer)
        rendered = api.render(visit(Block("unruly", "waits_for_an_answer")), "unruly@waits_for_an_answer")

    assert shown(rendered) in {SORRY, SLOW}
    assert socket.getdefaulttimeout() is None


def test_what_belongs_to_the_process_or_the_thread_is_put_back() -> None:
    def meddles(block: Any) -> Fragment:
        translation.activate("de")
        timezone.activate("Asia/Tokyo")
        os.environ["UNRULY"] = "1"
        os.chdir("/")
        warnings.simplefilter("ignore")
        socket.setdefaulttimeout(1)
        sys.stdout = sys.stderr
        sys.setrecursionlimit(5000)
        gc.disable()
        print("hello")
        return Fragment("meddled")

    does(meddles)
    before = _world()

    rendered = api.render(visit(Block("unruly", "meddles")), "unruly@meddles")

    assert shown(rendered) == "meddled"
    assert _world() == before


def _world() -> tuple[Any, ...]:
    streams = (sys.stdout, sys.getrecursionlimit(), gc.isenabled(), socket.getdefaulttimeout())
    place = (os.environ.get("UNRULY"), Path.cwd(), locale.setlocale(locale.LC_ALL))
    return (translation.get_language(), timezone.get_current_timezone_name(), list(warnings.filters), *streams, *place)


def test_what_one_learner_puts_into_a_default_no_other_sees() -> None:
    def adds(block: Any) -> Fragment:
        block.shared["secret"] = 1
        return Fragment(str(sorted(block.shared)))

    def looks(block: Any) -> Fragment:
        return Fragment(str(sorted(block.shared)))

    does(adds)
    does(looks)
    seen = visit(Block("unruly", "adds"), Block("unruly", "looks"))
    api.render(seen, "unruly@adds")

    rendered = api.render(as_seen_by(seen, DAN), "unruly@looks")

    assert shown(rendered) == "[]"


@pytest.mark.parametrize(
    "grade",
    [
        {"value": float("nan"), "max_value": 1},
        {"value": float("inf"), "max_value": 1},
        {"value": "1", "max_value": 1},
        {"value": 1, "max_value": -1},
        {"value": 1, "max_value": 1, "user_id": DAN.user_id},
        {"value": 1, "max_value": 1, "user_id": "dan"},
        None,
    ],
)
def test_a_wrong_grade_is_refused(grade: Any) -> None:
    def grades(block: Any) -> Response:
        block.runtime.publish(block, "grade", grade)
        return Response("graded")

    does(grades)
    seen = visit(Block("unruly", "x"), viewer=ALICE)

    with pytest.raises(HandlerFailed):
        api.handle(seen, "unruly@x", "do", "grades", posted({}))

    assert seen.sink.all == []


def test_a_block_stopped_in_time_leaves_its_thread_fit_for_the_next() -> None:
    for _again in range(3):
        api.render(visit(Block("unruly", "spins")), "unruly@spins")

    done = [api.render(visit(NEIGHBOUR), "html@fine") for _page in range(50)]

    assert {shown(one) for one in done} == {"still here"}


class Pest(XBlockAside):
    """An aside that does what ``deed`` names, when ``at`` says."""

    deed: Callable[[Any], Any] = staticmethod(exits)
    at = "view"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._does("init")

    @classmethod
    def should_apply_to_block(cls, block: Any) -> bool:
        return cls._does("choice") or True

    @XBlockAside.aside_for("student_view")
    def beside(self, block: Any, context: Any = None) -> Any:
        return self._does("view")

    @XBlockAside.handler
    def do(self, request: Request, suffix: str = "") -> Any:
        return self._does("handler")

    def get_event_context(self, name: str, data: Any) -> Any:
        return self._does("event")

    @classmethod
    def _does(cls, at: str) -> Any:
        return cls.deed(None) if cls.at == at else Fragment("buzz")


@pytest.fixture
def pest(monkeypatch: pytest.MonkeyPatch) -> type[Pest]:
    """The pest, put beside all blocks."""
    found = [*registry.installed._find(), EntryPoint("pest", f"{__name__}:Pest", "xblock_asides.v1")]
    monkeypatch.setattr(registry, "installed", registry.Registry(lambda: found, asides=("pest",)))
    return Pest


@pytest.mark.parametrize("at", ["init", "choice", "view"])
@pytest.mark.parametrize(("deed", "said"), [(spins, SLOW), (exits, SORRY), (returns_a_text, SORRY)])
def test_an_aside_that_misbehaves_leaves_the_block_beside_it_whole(
    pest: type[Pest], monkeypatch: pytest.MonkeyPatch, at: str, deed: Callable[[Any], Any], said: str
) -> None:
    monkeypatch.setattr(pest, "at", at)
    monkeypatch.setattr(pest, "deed", staticmethod(deed))

    rendered = shown(api.render(visit(NEIGHBOUR), "html@fine"))

    assert rendered == f"still here {'buzz' if deed is returns_a_text and at != 'view' else said}"


@pytest.mark.parametrize("at", ["init", "handler"])
def test_a_call_to_an_aside_that_misbehaves_fails_alone(
    pest: type[Pest], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(pest, "at", at)
    aside = "aside-usage-v2:block-v1$:Lyceum+ETH1+2026+type@html+block@fine::pest"

    with pytest.raises(HandlerFailed) as caught:
        api.handle(visit(NEIGHBOUR), aside, "do", "", posted({}))

    assert caught.value.staff == "SystemExit: bye"


@pytest.mark.parametrize("at", ["init", "choice", "event"])
def test_an_aside_that_misbehaves_says_nothing_of_an_event(
    pest: type[Pest], monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    monkeypatch.setattr(pest, "at", at)
    seen: Any = visit(COUNTER)

    api.handle(seen, KEY, "tell", "my.event", posted({"a": 1}))

    assert seen.sink.all == [("my.event", "counter@c", {"a": 1})]


def test_an_aside_adds_to_the_context_of_an_event(pest: type[Pest], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pest, "at", "event")
    monkeypatch.setattr(pest, "deed", staticmethod(lambda _block: {"heard": ("once", 2)}))
    seen: Any = visit(COUNTER)

    api.handle(seen, KEY, "tell", "my.event", posted({"a": 1}))

    assert seen.sink.all == [("my.event", "counter@c", {"a": 1}, {"pest": {"heard": ["once", 2]}})]


@pytest.mark.parametrize("where", ["html", "style"])
def test_half_a_character_breaks_its_block_and_not_the_page(where: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "lykeion.blocks")  # half a character in a report would end the run of the tests

    def shows_what_a_learner_sent(block: Any) -> Fragment:
        half = json.loads(r'"a\ud800b"')
        told = Fragment(half if where == "html" else "fine")
        told.add_css(half if where == "style" else "")
        return told

    def tells_of_it(block: Any) -> None:
        raise ValueError("\ud800")

    does(shows_what_a_learner_sent)
    does(tells_of_it)
    refs = ["shows_what_a_learner_sent", "tells_of_it"]
    seen = visit(*(Block("unruly", ref) for ref in refs), viewer=BOB)

    page = [api.render(seen, f"unruly@{ref}") for ref in refs]

    assert all(shown(one).startswith(SORRY) for one in page)
    assert [one.html.encode().count(rb"\ud800") for one in page] == [1, 1]
