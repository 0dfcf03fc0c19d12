"""A text to comment on and to tag."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Final

from lykeion.capa.inputs.base import Input, common
from lykeion.capa.inputs.composed import Composed, field
from lykeion.capa.scope import Part
from lykeion.capa.source import Element, line_of
from lykeion.capa.types import Expected, ProblemError, View

_CHOICES: Final = ("correct", "partially-correct", "incorrect")


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag to choose."""

    words: str
    correctness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Passage(Input):
    """A passage, and what is asked about it."""

    title: str
    text: str
    comment: str
    comment_prompt: str
    tag_prompt: str
    tags: tuple[Tag, ...]

    def passage(self) -> str:
        """What is to be read."""
        return (
            f"<p><strong>{escape(self.title)}</strong></p><blockquote>{escape(self.text)}</blockquote>"
            f"<p>{escape(self.comment)}</p>"
        )

    def tagging(self, radios: str) -> str:
        """The tags as one group."""
        label = f"{self.name}_tags"
        return (
            f'<p class="capa-label" id="{label}">{escape(self.tag_prompt)}</p>'
            f'<div class="capa-tags" role="radiogroup" aria-labelledby="{label}">{radios}</div>'
        )

    def radio(self, attributes: str, words: str) -> str:
        """One tag."""
        return (
            f'<label class="capa-choice"><input type="radio" {attributes}>'
            f'<span class="capa-choice__text">{escape(words)}</span></label>'
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationInput(_Passage):
    """Room for words, and tags, as the fields of one dictionary."""

    grouped: ClassVar[bool] = True

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The passage, a text area and one radio button a tag."""
        kept = _kept(value)
        options = kept.get("options")
        chosen = [str(option) for option in options] if isinstance(options, list) else [str(options)]
        radios = "".join(self._radio(index, str(index) in chosen) for index in range(len(self.tags)))
        comment = escape(str(kept.get("comment") or ""))
        return (
            f'{self.passage()}<label class="capa-label" for="{self.name}_comment">{escape(self.comment_prompt)}</label>'
            f'<textarea id="{self.name}_comment" name="{self.name}{{comment}}" rows="4">\n{comment}</textarea>'
            f"{self.tagging(radios)}"
        )

    def _radio(self, index: int, checked: bool) -> str:
        attributes = f'name="{self.name}{{options}}" value="{index}"{" checked" if checked else ""}'
        return self.radio(attributes, self.tags[index].words)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotationText(_Passage, Composed):
    """The same for authors' own graders, which read the JSON text that Open edX posts."""

    kind: ClassVar[str] = "annotation"
    example: ClassVar[str] = '{"options": [0], "comment": "..."}'

    def controls(self, view: View) -> str:
        """The passage, a text area and the tags, none of which is posted."""
        area = '<textarea rows="4" data-comment></textarea>'
        radios = "".join(
            self.radio(f'name="tag_{self.id}" value="{index}" data-tag', tag.words)
            for index, tag in enumerate(self.tags)
        )
        return f"{self.passage()}{field(self.comment_prompt, area)}{self.tagging(radios)}"


def _kept(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return value
    try:
        found = json.loads(value) if isinstance(value, str) else {}
    except json.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


def annotation_input(part: Part, entry: Element) -> AnnotationInput:
    """Read a passage and its tags."""
    return AnnotationInput(**_read(part, entry))


def annotation_text(part: Part, entry: Element) -> AnnotationText:
    """The same, for questions that their author's Python grades."""
    return AnnotationText(**_read(part, entry))


def _read(part: Part, entry: Element) -> dict[str, Any]:
    return dict(
        **common(part, entry),
        title=entry.findtext("title") or "Annotation Exercise",
        text=entry.findtext("text") or "",
        comment=entry.findtext("comment") or "",
        comment_prompt=entry.findtext("comment_prompt") or "Type a commentary below:",
        tag_prompt=entry.findtext("tag_prompt") or "Select one tag:",
        tags=tuple(_tag(option) for option in entry.iterfind("options/option")),
    )


def _tag(option: Element) -> Tag:
    choice = option.get("choice")
    if choice not in _CHOICES:
        raise ProblemError(
            f'<option choice="{choice}"> must say one of: correct, partially-correct, incorrect.', line_of(option)
        )
    return Tag((option.text or "").strip(), str(choice))
