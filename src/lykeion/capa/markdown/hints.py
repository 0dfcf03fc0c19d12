"""`{{label:: feedback}}` behind an answer."""

import re
from dataclasses import dataclass

from lykeion.capa.markdown.lines import replace_between
from lykeion.capa.markdown.mend import mended

_END_OF_LINE = re.compile(r"\n[ \t]*")


@dataclass(frozen=True, slots=True)
class Hinted:
    """An answer and the feedback that was written behind it; `label` None: the usual one."""

    text: str
    hint: str = ""
    label: str | None = None

    @property
    def label_attribute(self) -> str:
        """As it stands in a tag, with a space before it; '' for the usual label."""
        return "" if self.label is None else f' label="{attribute(self.label)}"'

    def element(self, tag: str) -> str:
        """The feedback as an element."""
        return f"<{tag}{self.label_attribute}>{mended(self.hint)}</{tag}>"


def attribute(text: str) -> str:
    """Text between double quotes: what would end the value early is written as an entity."""
    return text.replace('"', "&quot;").replace("<", "&lt;")


def hinted(text: str) -> Hinted:
    """Take the first feedback out of a line, with the white space before it."""
    start = text.find("{{")
    end = text.find("}}", start + 2)
    if start < 0 or end < 0:
        return Hinted(text)
    rest = text[:start].rstrip() + text[end + 2 :]
    label, mark, hint = text[start + 2 : end].partition("::")
    if mark:
        return Hinted(rest, hint.strip(), label.strip())
    return Hinted(rest, label.strip())


def without_hints(text: str) -> str:
    """The line without any feedback."""
    return replace_between(text, "{{", "}}", lambda inside: "").strip()


def hints_on_one_line(text: str) -> str:
    """Feedback may be written on several lines; everything after this looks at lines."""
    return replace_between(text, "{{", "}}", lambda inside: "{{" + _END_OF_LINE.sub(" ", inside) + "}}")
