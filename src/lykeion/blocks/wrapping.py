"""The elements around what blocks and asides show: the page's scripts find and start them by what these carry."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlock

from lykeion.blocks.fields import Place
from lykeion.blocks.fragments import element, initialiser
from lykeion.blocks.types import Urls
from lykeion.core.keys import CourseLocator, usage_text


class Wrapping:
    """Wraps fragments of blocks of ``run``, whose handlers are at ``urls``."""

    def __init__(self, run: CourseLocator, urls: Urls) -> None:
        self._run = run
        self._urls = urls
        self.scripted = False
        """Whether something wrapped so far is started by the page's scripts."""
        self._handlers: list[str] | None = None
        """Where handlers of what is wrapped in the frame under way are; None while no frame is."""

    @property
    def is_in_frame(self) -> bool:
        """Whether a frame is under way."""
        return self._handlers is not None

    @contextmanager
    def frame(self) -> Iterator[list[str]]:
        """What is wrapped meanwhile is in a frame: the page around it starts none of it. Gives where its handlers are,
        which is known at the end."""
        scripted, handlers = self.scripted, list[str]()
        self._handlers = handlers
        try:
            yield handlers
        finally:
            self.scripted, self._handlers = scripted, None

    def block(self, block: Any, view: str, frag: Fragment) -> Fragment:
        """What ``view`` of ``block`` shows, in the element of the block."""
        place = block.scope_ids.place
        classes = f"xblock xblock-v1 xblock-{view} xblock-v1-{view} xblock-{view}-{place.type}"
        data = self._data(block, place, frag) | {
            "graded": place.settings.get("graded") or None,
            "has-score": getattr(block, "has_score", False) or None,
            "name": place.own.get("name") or None,
        }
        return self._wrapped(classes, data, frag, block)

    def aside(self, block: Any, aside: Any, view: str, frag: Fragment) -> Fragment:
        """What ``aside`` shows beside ``view`` of ``block``, in the element of the aside."""
        place = aside.scope_ids.place
        classes = f"xblock_asides-v1 xblock_asides-v1-{view} xblock_asides-v1-{view}-{place.type}"
        data = self._data(aside, place, frag) | {"block-id": block.scope_ids.usage_id, "url_selector": "asideBaseUrl"}
        return self._wrapped(classes, data, frag, aside)

    def _wrapped(self, classes: str, data: Mapping[str, object], frag: Fragment, block: Any) -> Fragment:
        wrapped = Fragment(element(classes, data, frag, balanced=getattr(block, "balanced", False)))
        wrapped.add_fragment_resources(frag)
        self.scripted = self.scripted or bool(frag.js_init_fn)
        return wrapped

    def _data(self, block: Any, place: Place, frag: Fragment) -> dict[str, object]:
        is_block = place.family == XBlock.entry_point
        usage = usage_text(self._run, place.ref) if is_block else str(place.usage)
        data: dict[str, object] = {"block-type": place.type, "usage-id": usage, "usage": usage}
        data |= initialiser(frag)
        if frag.js_init_fn or has_handlers(type(block)):
            data["course-id"] = self._run_text
            data["handler-prefix"] = self._handler_prefix(usage)
            if self._handlers is not None:
                self._handlers.append(self._handler_prefix(usage))
            data["request-token"] = self._token
        return data

    @cached_property
    def _run_text(self) -> str:
        return str(self._run)

    @cached_property
    def _token(self) -> str:
        return secrets.token_hex(8)

    def _handler_prefix(self, usage: str) -> str:
        return self._urls.handler(usage, "x", "", "", thirdparty=False).removesuffix("/").removesuffix("/x")


_handled: dict[Any, bool] = {}


def has_handlers(cls: Any) -> bool:
    """Whether any method of ``cls`` is a handler."""
    found = _handled.get(cls)
    if found is None:
        found = _handled[cls] = any(getattr(getattr(cls, name, None), "_is_xblock_handler", False) for name in dir(cls))
    return found
