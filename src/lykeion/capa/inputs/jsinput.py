"""An author's own page in a frame, which keeps its state and hands over an answer (inputtypes.py:JSInput)."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Final
from urllib.parse import SplitResult, urlsplit

from lykeion.capa.inputs.base import Input, common, text_value
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import Expected, View

BRIDGE: Final = "jsinput=1"
"""The query that asks the host to put our bridge into a page, which answers for the page's functions."""
_ALLOWED: Final = "allow-scripts allow-forms allow-popups allow-pointer-lock allow-downloads"
_LENGTH: Final = re.compile(r"\s*([1-9][0-9]{0,3})\s*(%|px)?\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsInput(Input):
    """A page, the names of its functions, and how to talk to it: over a channel, or by the names of its functions."""

    html_file: str
    grade: str
    get_state: str
    set_state: str
    initial_state: str
    width: str
    height: str
    title: str
    channel: bool

    grouped: ClassVar[bool] = True

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The frame, the field that holds what came out of it, and room to say that it does not answer."""
        return (
            f'<div class="capa-frame" data-controller="jsinput"{self._about()}{_sentences(view)}>'
            f"{self._frame(view)}"
            f'<input type="hidden" name="{self.name}" id="{self.name}" value="{text_value(value)}" autocomplete="off" '
            f'data-jsinput-target="field">'
            f'<p class="capa-trouble" data-jsinput-target="trouble" role="status"></p></div>'
        )

    def _about(self) -> str:
        values = {
            "grade": self.grade,
            "get": self.get_state,
            "set": self.set_state,
            "initial": self.initial_state,
        }
        return "".join(f' data-jsinput-{name}-value="{escape(text)}"' for name, text in values.items())

    def _frame(self, view: View) -> str:
        page = _address(self.html_file)
        if page is None:
            words = view.gettext("The page that belongs here is missing: its author has to name one.")
            return f'<p class="capa-trouble">{escape(words)}</p>'
        elsewhere = bool(page.netloc)
        if not self.channel and not elsewhere:
            page = page._replace(query="&".join(filter(None, (page.query, BRIDGE))))
        title = escape(self.title or view.gettext("Interactive part of the question"))
        allowed = f"{_ALLOWED} allow-same-origin" if elsewhere else _ALLOWED
        return (
            f'<iframe data-jsinput-target="frame" name="iframe_{self.id}" id="iframe_{self.id}" title="{title}" '
            f'src="{escape(page.geturl())}" width="{self.width}" height="{self.height}" sandbox="{allowed}" '
            f'referrerpolicy="strict-origin-when-cross-origin" allow="fullscreen"></iframe>'
        )


def _sentences(view: View) -> str:
    sentences = {
        "silent": view.gettext(
            "The interactive part of the question does not answer, so nothing was sent and no attempt was used. "
            "Wait until it has loaded and try again; what you did in it is still there."
        ),
        "lost": view.gettext(
            "What you did before could not be put back into the interactive part. It is kept as long as you do not "
            "save or submit; load the page again to try once more."
        ),
    }
    return "".join(f' data-jsinput-{name}-value="{escape(text)}"' for name, text in sentences.items())


def _address(text: str) -> SplitResult | None:
    """The address of a page on this site or another; None for none, and for what is no page (`javascript:`)."""
    try:
        page = urlsplit(text.strip())
    except ValueError:
        return None
    known = page.scheme in ("", "http", "https") if page.netloc else not page.scheme
    return page if known and (page.netloc or page.path) else None


def js_input(part: Part, entry: Element) -> JsInput:
    """Read where the page is and what its functions are called. Only `sop="false"` means a channel, as in Open edX."""

    def get(name: str) -> str:
        return part.scope.substitute(entry.get(name, ""))

    return JsInput(
        **common(part, entry),
        html_file=get("html_file"),
        grade=get("gradefn"),
        get_state=get("get_statefn"),
        set_state=get("set_statefn"),
        initial_state=get("initial_state"),
        width=_length(get("width"), "400"),
        height=_length(get("height"), "300"),
        title=get("title"),
        channel=get("sop") == "false",
    )


def _length(text: str, otherwise: str) -> str:
    """A number of pixels or a percentage; a slip in a size is no reason to hide the question."""
    found = _LENGTH.fullmatch(text)
    if found is None:
        return otherwise
    return found[1] + ("%" if found[2] == "%" else "")
