"""How a formula or an equation reads while it is typed: what `input_ajax` answers to its dispatches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from lykeion.capa import api as capa

MOST_FORMULA = 1000
Translate = Callable[[str], str]


def preview(dispatch: str, formula: str | None, _: Translate) -> dict[str, Any] | None:
    """`preview` and `error`, as in Open edX; None for a dispatch that there is not."""
    read = _DISPATCHES.get(dispatch)
    if read is None:
        return None
    if formula is None:
        return {"preview": "", "error": _("No formula specified.")}
    return read(formula[:MOST_FORMULA], _)


def _formula(formula: str, _: Translate) -> dict[str, Any]:
    tex = capa.preview(formula)
    return {"preview": tex} if tex is not None else {"preview": "", "error": _("Sorry, couldn't parse formula")}


def _chemistry(formula: str, _: Translate) -> dict[str, Any]:
    """`preview` marks the side that cannot be read, and `error` stays empty; `readable` is ours."""
    html, readable = capa.preview_chemistry(formula)
    return {"preview": html, "error": "", "readable": readable}


_DISPATCHES: Final[Mapping[str, Callable[[str, Translate], dict[str, Any]]]] = {
    "preview_formcalc": _formula,
    "preview_chemcalc": _chemistry,
}
