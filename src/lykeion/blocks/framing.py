"""Blocks in a sandboxed frame: their HTML, scripts and styles run in an origin of their own, see decision 10.

The frame's document stands in the page (``srcdoc``), so nothing is rendered twice and there is no address at which it
could be opened without its sandbox. It has no ``allow-same-origin``: it can neither read the page nor use the session.
What its scripts ask of handlers goes by message to the page, which asks only those that ``data-handlers`` names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from django.templatetags.static import static
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from lykeion.blocks.broken import could_not_start
from lykeion.blocks.tags import resource_html
from lykeion.blocks.types import Resource

ALL = "*"
POLICY = "object-src 'none'"
SANDBOX = "allow-scripts allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox allow-downloads"


class Framed:
    """Which types the operator wants in frames; the app's configuration fills it in."""

    types: frozenset[str] = frozenset()

    def holds(self, block_type: str, *, foreign: bool) -> bool:
        """Whether blocks of this type live in a frame; ``*`` means all ``foreign`` ones."""
        return bool(self.types) and (block_type in self.types or (foreign and ALL in self.types))


framed = Framed()


def frame_html(title: str, html: str, resources: Iterable[Resource], handlers: Iterable[str]) -> str:
    """The frame that shows ``html`` with its ``resources``; its scripts may call below the addresses ``handlers``."""
    document = escape(_document(title, html, tuple(resources)), quote=True)
    document = document.replace("/static/", "&#47;static/")  # authors' short links are addresses already
    allowed = escape(json.dumps(list(dict.fromkeys(handlers))), quote=True)
    name = escape(title or _("Part of this page"), quote=True)
    return (
        f'<iframe class="block-frame" data-controller="frame" data-handlers="{allowed}" title="{name}"'
        f' sandbox="{SANDBOX}" allow="fullscreen; clipboard-write" srcdoc="{document}"></iframe>'
    )


def _document(title: str, html: str, resources: tuple[Resource, ...]) -> str:
    head = "\n".join(resource_html(one) for one in resources if one.placement == "head")
    foot = "\n".join(resource_html(one) for one in resources if one.placement != "head")
    direction = "rtl" if get_language_bidi() else "ltr"
    words = get_language() or "en"
    return (
        f'<!doctype html><html lang="{words}" dir="{direction}" class="in-frame"><head>'
        f'<meta charset="utf-8"><title>{escape(title)}</title><base target="_blank">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">{_ours()}{head}</head>'
        f'<body class="in-frame"><main data-controller="math xblocks">{html}</main>'
        f"<noscript><p>{escape(_('This part needs JavaScript.'))}</p></noscript>{foot}</body></html>"
    )


def _ours() -> str:
    """What every page of ours loads, with what a frame needs before it."""
    mathematics = static("ui/mathjax/tex-chtml.js")
    style, frame, world, main = map(static, ("ui/main.css", "ui/frame.js", "ui/xblock.js", "ui/main.js"))
    return (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="lykeion-mathjax" content="{mathematics}">'
        f'<link rel="stylesheet" href="{style}"><script src="{frame}"></script>'
        f'<script src="{world}" data-failed="{escape(could_not_start())}"></script>'
        f'<script type="module" crossorigin="anonymous" src="{main}"></script>'
    )
