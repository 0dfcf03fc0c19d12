"""Charts as SVG, drawn on the server by pygal, in the colours of the page (light and dark), without scripts.

A chart is a picture with a name; what it shows stands in a table beside it (``panels``), which is what people read
who do not see it. pygal is loaded with the first chart that is drawn.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.utils.safestring import SafeString, mark_safe
from lxml import etree

if TYPE_CHECKING:
    from pygal.graph.graph import Graph

_SVG: Final = "{http://www.w3.org/2000/svg}"
_COLOURS: Final = ("var(--accent)", "var(--warn)", "var(--good)", "var(--bad)", "var(--ink-soft)")
_DASHES: Final = ("none", "9, 5", "3, 3", "12, 4, 3, 4", "1, 5")
_MOST_LABELS: Final = 7
_LONGEST: Final = 28  # letters of a label
_LONGEST_ANSWER: Final = 44
_NOT_XML: Final = re.compile("[^ -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Numbers = Sequence[float | None]


def lines(name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers]) -> SafeString:
    """Lines over time. ``name`` is that of the picture among those of its page; ``title`` what it shows, in words."""
    return _drawn(_pygal().Line(show_dots=len(labels) < 3, **_options(labels)), name, title, series, _DASHES)


def bars(name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers]) -> SafeString:
    """Bars that stand beside each other."""
    return _drawn(_pygal().Bar(**_options(labels, every=True)), name, title, series)


def rows(name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers]) -> SafeString:
    """Bars that lie below each other, for labels that are words; the first on top."""
    return _lying(_pygal().HorizontalBar, name, title, labels, series)


def stacks(name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers]) -> SafeString:
    """As :func:`rows`, for series of which each label has one: their bars lie in one row. Labels may be longer."""
    return _lying(_pygal().HorizontalStackedBar, name, title, labels, series, _LONGEST_ANSWER)


def _lying(
    kind: Any, name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers], longest: int = _LONGEST
) -> SafeString:
    turned = {key: list(reversed(values)) for key, values in series.items()}
    options = _options([_short(label, longest) for label in reversed(labels)], every=True)
    return _drawn(kind(**{**options, "height": 110 + 34 * len(labels)}), name, title, turned)


def areas(name: str, title: str, labels: Sequence[str], series: Mapping[str, Numbers]) -> SafeString:
    """Areas on top of each other."""
    return _drawn(_pygal().StackedLine(fill=True, show_dots=False, **_options(labels)), name, title, series)


def heat(title: str, values: Sequence[float]) -> SafeString:
    """A strip whose colour is the stronger the higher each value is: where most of something happens, at a glance."""
    most = max(values, default=0) or 1
    look = {"class": "chart-heat", "preserveAspectRatio": "none", "shape-rendering": "crispEdges"}
    box = f"0 0 {max(len(values), 1)} 1"
    root = etree.Element("svg", {"role": "img", "aria-label": title, "viewBox": box, **look})
    for place, value in enumerate(values):
        shade = f"{value / most:.2f}"
        etree.SubElement(root, "rect", {"x": str(place), "width": "1", "height": "1", "fill-opacity": shade})
    return mark_safe(etree.tostring(root, encoding="unicode"))  # noqa: S308  # made by lxml, which escapes


@cache
def _pygal() -> Any:
    """The library: a tenth of a second, which pages without charts need not wait. Without what it hangs into Python's
    imports for maps that we do not draw: Python 3.11 warns of it at every import that fails, 3.12 ignores it."""
    import pygal
    import pygal.style

    sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]
    return pygal


def _options(labels: Sequence[str], *, every: bool = False) -> dict[str, Any]:
    ink, soft, line = "var(--ink)", "var(--ink-soft)", "var(--line)"
    style = _pygal().style.Style(
        background="transparent", plot_background="transparent", font_family="inherit", colors=_COLOURS,
        foreground=soft, foreground_strong=ink, foreground_subtle=line, guide_stroke_color=line,
        major_guide_stroke_color=line, label_font_size=13, major_label_font_size=13, legend_font_size=14,
        stroke_width=2, opacity=".85", opacity_hover="1", transition="0s", no_data_font_size=16,
    )  # fmt: skip
    shown = {} if every else {"x_labels_major_count": min(len(labels), _MOST_LABELS), "show_minor_x_labels": False}
    return {
        "style": style,
        "js": [],
        "width": 760,
        "height": 320,
        "margin": 8,
        "margin_right": 44,
        "legend_at_bottom": True,
        "truncate_label": -1,
        "truncate_legend": -1,
        "x_labels": list(labels),
        "disable_xml_declaration": True,
        "value_formatter": _number,
        "include_x_axis": True,
        "order_min": 0,  # whole steps: people, times and parts of a hundred are counted
        **shown,
    }


def _drawn(
    chart: Graph, name: str, title: str, series: Mapping[str, Numbers], dashes: Sequence[str] = ()
) -> SafeString:
    """``dashes``: how the line of each series is broken, so that they are told apart without colour too, and where one
    covers another."""
    chart.uuid = name
    for place, (words, values) in enumerate(series.items()):
        style = {"stroke_style": {"width": 3, "dasharray": dashes[place % len(dashes)]}} if dashes else {}
        chart.add(words, list(values), **style)
    root = chart.render_tree()
    _tidy(root, title)
    return mark_safe(etree.tostring(root, encoding="unicode"))  # noqa: S308  # made by the library, which escapes


def _tidy(root: Any, title: str) -> None:
    """Without scripts, remarks, and names that other charts of the page have too; with a name for those who listen."""
    for element in list(root.iter(etree.Comment, f"{_SVG}script", "script")):
        element.getparent().remove(element)
    for element in root.iter():
        if str(element.get("id", "")).startswith("activate-serie"):
            del element.attrib["id"]
    root.set("role", "img")
    root.set("aria-label", title)
    root.set("class", "chart-picture")


def _number(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"


def fitting(label: str, ending: str) -> str:
    """A label of two words of which the second tells neighbours apart: the first is cut where both are too long."""
    room = max(_LONGEST - len(ending), _LONGEST // 3)
    return f"{label if len(label) <= room else f'{label[: room - 1].rstrip()}…'}{ending}"


def chosen(answer: str) -> str:
    """An answer as a label of :func:`stacks`; of several choices (``[a|b]``) each. What is too long loses its middle:
    choices often begin alike."""
    choices = answer[1:-1].split("|") if answer.startswith("[") and answer.endswith("]") else [answer]
    room = max((_LONGEST_ANSWER + 2) // len(choices) - 2, _LONGEST // 4)
    return ", ".join(_without_middle(choice, room) for choice in choices)


def _without_middle(text: str, room: int) -> str:
    end = room // 2
    return text if len(text) <= room else f"{text[: room - end - 1].rstrip()}…{text[-end:].lstrip()}"


def _short(label: str, longest: int) -> str:
    """A label that fits, and that XML can hold: learners type anything."""
    clean = _NOT_XML.sub(" ", label)
    return clean if len(clean) <= longest else f"{clean[: longest - 1]}…"
