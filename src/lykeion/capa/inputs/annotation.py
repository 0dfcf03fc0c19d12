"""A text to comment on and to tag."""

import json
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar, Final

from lykeion.capa.inputs.base import Input, common
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
class AnnotationInput(Input):
    """A passage, a question about it, room for words, and tags."""

    title: str
    text: str
    comment: str
    comment_prompt: str
    tag_prompt: str
    tags: tuple[Tag, ...]

    grouped: ClassVar[bool] = True

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The passage, a text area and one radio button a tag."""
        kept = _kept(value)
        options = kept.get("options")
        chosen = [str(option) for option in options] if isinstance(options, list) else [str(options)]
        radios = "".join(self._radio(index, str(index) in chosen) for index in range(len(self.tags)))
        comment = escape(str(kept.get("comment") or ""))
        return (
            f"<p><strong>{escape(self.title)}</strong></p><blockquote>{escape(self.text)}</blockquote>"
            f'<p>{escape(self.comment)}</p><label class="capa-label" for="{self.name}_comment">'
            f'{escape(self.comment_prompt)}</label><textarea id="{self.name}_comment" name="{self.name}{{comment}}" '
            f'rows="4">{comment}</textarea><p class="capa-label">{escape(self.tag_prompt)}</p>{radios}'
        )

    def _radio(self, index: int, checked: bool) -> str:
        return (
            f'<label class="capa-choice"><input type="radio" name="{self.name}{{options}}" value="{index}"'
            f"{' checked' if checked else ''}>"
            f'<span class="capa-choice__text">{escape(self.tags[index].words)}</span></label>'
        )


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
    return AnnotationInput(
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
