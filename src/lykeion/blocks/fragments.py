"""The HTML around blocks, and what a page needs to know of a fragment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from web_fragments.fragment import Fragment

from lykeion.blocks import balancing
from lykeion.blocks.plain import plain
from lykeion.blocks.types import Rendered, Resource
from lykeion.core.lru import WeightedCache

SCRIPTED = ("<script", "<SCRIPT", "onclick=", "onload=", "onchange=", "onsubmit=", "javascript:")
MATHEMATICS = ("\\(", "\\[", "$$", "[mathjax", "<math")
ARGUMENTS = '<script type="json/xblock-args" class="xblock-json-init-args xblock_json_init_args">'

immutable: WeightedCache[tuple[str, ...], Rendered] = WeightedCache(32 << 20, lambda rendered: 400 + len(rendered.html))
"""Blocks without learner state as they were rendered, by object id, usage, view, language and what else they show."""


def script_json(value: Any) -> str:
    """``value`` as JSON that may stand inside a ``<script>``: nothing in it can end the element or open a comment."""
    text = json.dumps(plain(value), separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def element(classes: str, data: Mapping[str, object], fragment: Fragment, *, balanced: bool = False) -> str:
    """The ``<div>`` of a block or an aside: its data for the page's scripts, the arguments of its own, its content.

    No content reaches out of it; ``balanced`` says that this one cannot, so that nobody needs to look.
    Names follow ``wrap_xblock`` of Open edX (openedx/core/lib/xblock_utils) and XBlock's own default; both are given.
    """
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items() if value is not None)
    arguments = ""
    if fragment.json_init_args is not None:
        arguments = f"{ARGUMENTS}{script_json(fragment.json_init_args)}</script>"
    content = fragment.content if balanced else balancing.balanced(fragment.content)
    return f'<div class="{classes}"{attributes}>{arguments}{content}</div>'


def initialiser(fragment: Fragment) -> dict[str, object]:
    """The data that make the page's scripts start a fragment's own; nothing when it has none."""
    if not fragment.js_init_fn:
        return {}
    return {
        "init": fragment.js_init_fn,
        "runtime-class": "LmsRuntime",
        "runtime-version": fragment.js_init_version or 1,
    }


def resources_of(fragment: Fragment) -> tuple[Resource, ...]:
    """What the fragment wants on the page, each once, in order."""
    wanted = (Resource(one.kind, one.data, one.mimetype, one.placement) for one in fragment.resources)
    return tuple(dict.fromkeys(wanted))


def has_script(html: str) -> bool:
    """Whether authors' HTML brings scripts of its own (which count on jQuery being there)."""
    return any(sign in html for sign in SCRIPTED)


def has_mathematics(html: str) -> bool:
    """Whether the page should load its typesetter of mathematics."""
    return any(sign in html for sign in MATHEMATICS)


def merged(parts: Iterable[Rendered]) -> Rendered:
    """Several rendered blocks as one, resources once each."""
    parts = list(parts)
    return Rendered(
        "".join(part.html for part in parts),
        tuple(dict.fromkeys(resource for part in parts for resource in part.resources)),
        any(part.legacy for part in parts),
        any(part.math for part in parts),
    )
