"""Problems of a draft: opened in one of three ways (visual, simple syntax, XML), saved, tried out, begun anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from lykeion.authoring import problemtrial as _trying
from lykeion.authoring import problemxml as _xml
from lykeion.authoring.api import components as _components
from lykeion.authoring.problemsettings import SETTINGS, Setting
from lykeion.authoring.problemsettings import read_settings as _read_settings
from lykeion.authoring.problemtrial import SEEDS, Tried
from lykeion.authoring.types import Author, AuthoringError
from lykeion.capa import api as capa
from lykeion.capa.authoring.types import SimpleProblem
from lykeion.content import api as content
from lykeion.content.types import Json, ObjectId
from lykeion.core.keys import split_ref

__all__ = [
    "SEEDS",
    "SETTINGS",
    "ProblemDraft",
    "Saved",
    "Setting",
    "Tried",
    "answered",
    "fill",
    "open_problem",
    "save_markdown",
    "save_settings",
    "save_visual",
    "save_xml",
    "shown",
]

EMPTY: Final = "<problem></problem>"

shown = _trying.shown
answered = _trying.answered


@dataclass(frozen=True, slots=True)
class ProblemDraft:
    """A problem as the draft has it; ``inherited`` are the settings of what it stands in."""

    ref: str
    fields: Mapping[str, Json]
    inherited: Mapping[str, Any]

    @property
    def xml(self) -> str:
        """The problem itself."""
        data = self.fields.get("data")
        return data if isinstance(data, str) and data.strip() else EMPTY

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written yet."""
        return not self.fields.get("markdown") and capa.same_problem(self.xml, EMPTY)

    @property
    def written_simply(self) -> bool:
        """Whether it was last edited in the simple syntax."""
        return self.fields.get("markdown_edited") is True and bool(self.fields.get("markdown"))

    def markdown(self) -> str:
        """The problem in the simple syntax. Raises :class:`~lykeion.capa.types.CapaError` where it has no words."""
        return _xml.markdown_of(self.fields)

    def visual(self) -> SimpleProblem:
        """The problem for the visual editor. Raises :class:`~lykeion.capa.types.CapaError` where it has no place."""
        return capa.read_visual(self.xml)


@dataclass(frozen=True, slots=True)
class Saved:
    """What a save came to: the version that the next one builds on, and the XML as it is now."""

    base: ObjectId
    xml: str


def open_problem(author: Author, ref: str) -> ProblemDraft:
    """The problem ``ref``. Raises :class:`~lykeion.content.types.ContentError` when there is none, and
    :class:`AuthoringError` when it is no problem."""
    if split_ref(ref)[0] != "problem":
        raise AuthoringError(_("{ref} is no problem.").format(ref=ref))
    way = content.way(author.root, ref)
    node = content.nodes([way[-1].object_id])[way[-1].object_id]
    outline = content.part_outline(author.run, author.root, ref)
    block = outline.get(ref)
    above = outline.blocks[block.parent].settings if block is not None and block.parent >= 0 else {}
    return ProblemDraft(ref, node.fields, above)


def fill(author: Author, ref: str, template: str, *, base: ObjectId | None, at: datetime) -> None:
    """Makes the problem ``ref``, which has nothing in it yet, into one of ``capa.TEMPLATES``.

    Raises :class:`AuthoringError` when it has, or for a template that is not there.
    """
    if not open_problem(author, ref).is_empty:
        raise AuthoringError(_("There is something in this problem already. Templates are for empty ones."))
    found = next((one for one in capa.TEMPLATES if one.name == template), None)
    if found is None:
        raise AuthoringError(_("There is no template {name}.").format(name=template))
    values = {"display_name": _(found.title), "data": capa.new_problem(template, _)}
    _components.save(author, ref, values, base=base, at=at)


def save_visual(
    author: Author, ref: str, problem: SimpleProblem, *, title: str | None = None, base: ObjectId | None, at: datetime
) -> Saved:
    """Sets what the visual editor says, and with ``title`` the name, as all saves do.

    Raises :class:`~lykeion.content.types.ChangedMeanwhile`.
    """
    return _save(author, ref, lambda fields: _xml.from_xml(capa.write_visual(problem), fields), title, base, at)


def save_markdown(
    author: Author, ref: str, text: str, *, title: str | None = None, base: ObjectId | None, at: datetime
) -> Saved:
    """Sets what was written in the simple syntax, and the XML that it stands for."""
    return _save(author, ref, lambda fields: _xml.from_markdown(text, fields), title, base, at)


def save_xml(
    author: Author, ref: str, xml: str, *, title: str | None = None, base: ObjectId | None, at: datetime
) -> Saved:
    """Sets the XML. Raises :class:`AuthoringError` with the line for what is no XML, or no problem: a draft that cannot
    be exported is none."""
    return _save(author, ref, lambda fields: _xml.from_xml(xml, fields), title, base, at)


def save_settings(
    author: Author, ref: str, form: Mapping[str, str], *, title: str | None = None, base: ObjectId | None, at: datetime
) -> Saved:
    """Sets the settings that are in ``form`` (texts by name, see ``SETTINGS``); empty ones are left to the course."""
    values, unset = _read_settings(form)
    return _save(author, ref, lambda fields: _xml.Edit(values, tuple(unset)), title, base, at)


def _save(
    author: Author,
    ref: str,
    edit: Callable[[Mapping[str, Json]], _xml.Edit],
    title: str | None,
    base: ObjectId | None,
    at: datetime,
) -> Saved:
    before = open_problem(author, ref)
    wanted = edit(before.fields)
    values = {**wanted.values} if title is None else {"display_name": title, **wanted.values}
    version = _components.save(author, ref, values, unset=wanted.unset, base=base, at=at)
    return Saved(version, str(values.get("data", before.xml)))
