"""What one edit of a problem sets: its XML, and the simple syntax beside it, which follows or goes.

``markdown`` is what an author wrote in the simple syntax, ``markdown_edited`` that they did so last (Open edX's rule:
then Studio opens that). Whoever edits the XML in another way gets its wording in the simple syntax anew, or, where
there are no words for it, none: a text that says something else than the problem would overwrite it one day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from lxml import etree

from lykeion.authoring.types import AuthoringError
from lykeion.capa import api as capa
from lykeion.capa.source import Element, read
from lykeion.capa.types import CapaError, ProblemError
from lykeion.content.types import Json
from lykeion.olx.leaves import own_attributes, read_problem


@dataclass(frozen=True, slots=True)
class Edit:
    """The fields to set, and those to forget."""

    values: Mapping[str, Json]
    unset: tuple[str, ...] = field(default=())


def from_xml(xml: str, before: Mapping[str, Json]) -> Edit:
    """An edit of the XML. Attributes of the ``<problem>`` that are settings become settings.

    Raises :class:`AuthoringError` with the line for what is no XML, or no problem.
    """
    root = _readable(xml)
    if not root.attrib:
        return _in_step(xml, {}, before)
    fields, unknown = _settings(root)
    if not fields:
        return _in_step(xml, {}, before)
    whole = _whole(xml)
    whole.attrib.clear()
    for name, text in unknown.items():
        whole.set(name, text)
    return _in_step(etree.tostring(whole, encoding="unicode"), fields, before)


def from_markdown(text: str, before: Mapping[str, Json]) -> Edit:
    """An edit in the simple syntax. Raises :class:`AuthoringError` for a text that is too long."""
    try:
        xml = capa.markdown_to_xml(text)
    except ProblemError as error:
        raise AuthoringError(str(error)) from error
    data = _with_attributes(xml, str(before.get("data") or ""))
    return Edit({"data": data, "markdown": text, "markdown_edited": True})


def markdown_of(fields: Mapping[str, Json]) -> str:
    """The problem in the simple syntax: as its author wrote it, if it still says the same; else made from the XML.

    Raises :class:`~lykeion.capa.types.CapaError` where there are no words for it.
    """
    data, written = str(fields.get("data") or ""), fields.get("markdown")
    if isinstance(written, str) and written.strip() and capa.same_problem(capa.markdown_to_xml(written), data):
        return written
    return capa.xml_to_markdown(data) if data.strip() else ""


def _in_step(data: str, fields: Mapping[str, Json], before: Mapping[str, Json]) -> Edit:
    """The XML, and the simple syntax made from it if the problem had any."""
    values: dict[str, Json] = {**fields, "data": data}
    if not before.get("markdown"):
        return Edit(values, ("markdown_edited",))
    try:
        values["markdown"] = capa.xml_to_markdown(data)
    except CapaError:
        return Edit(values, ("markdown", "markdown_edited"))
    return Edit({**values, "markdown_edited": False})


def _readable(xml: str) -> Element:
    try:
        root = read(xml)
    except ProblemError as error:
        raise AuthoringError(_("This is not saved: {error}").format(error=error)) from error
    if root.tag != "problem":
        words = _("This is not saved: a problem begins with <problem>, not with <{tag}>.")
        raise AuthoringError(words.format(tag=root.tag))
    return root


def _settings(root: Element) -> tuple[dict[str, Json], dict[str, str]]:
    """Attributes that are settings, read as an import reads them, and the other ones."""
    alone = etree.Element("problem", dict(own_attributes(root, "problem")))
    fields = read_problem(alone, lambda odd: None)
    del fields["data"]
    return fields, {str(name): str(value) for name, value in alone.attrib.items()}


def _whole(xml: str) -> Element:
    """The problem with its comments."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, strip_cdata=False)
    return etree.fromstring(xml.encode("utf-8", "surrogatepass"), parser)


def _with_attributes(xml: str, old: str) -> str:
    """``xml`` with the attributes that the old ``<problem>`` had, which have no place in the simple syntax."""
    try:
        attributes = {str(name): str(value) for name, value in read(old).attrib.items()}
    except ProblemError:
        return xml
    if not attributes:
        return xml
    root = _whole(xml)
    for name, value in attributes.items():
        root.set(name, value)
    return etree.tostring(root, encoding="unicode")
