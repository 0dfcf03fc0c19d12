"""From the simple problem syntax to XML.

The steps and their order are those of Studio's converter, since each looks at what the ones before have left: a line
`(a) text` in an explanation is a choice. Where we differ, and why: docs/decisions/0005-markdown.md.
"""

from typing import Final

from lykeion.capa.markdown.answers import answers
from lykeion.capa.markdown.choices import checkboxes, choices, dropdowns
from lykeion.capa.markdown.gather import gathered
from lykeion.capa.markdown.hints import hints_on_one_line
from lykeion.capa.markdown.lines import is_blank, lines_of
from lykeion.capa.markdown.mend import mended, printable
from lykeion.capa.markdown.passages import code, explanations, heads, labels, paragraphs, take_demand_hints
from lykeion.capa.source import MAX_BYTES
from lykeion.capa.types import ProblemError

_BEFORE_HINTS: Final = (heads, labels)
_AFTER_HINTS: Final = (
    hints_on_one_line, dropdowns, choices, checkboxes, answers, explanations, code, paragraphs,
)  # fmt: skip


def to_xml(markdown: str) -> str:
    """The problem as XML; see `lykeion.capa.api.markdown_to_xml`."""
    if len(markdown) > MAX_BYTES:
        raise ProblemError(f"The problem is longer than {MAX_BYTES} characters.")
    hints: list[str] = []
    parts = [_part(part, hints) for part in _parts(printable(markdown)) if not is_blank(part)]
    lines = "".join(f"  <hint>{mended(hint)}</hint>\n" for hint in hints)
    demand = f"\n<demandhint>\n{lines}</demandhint>" if hints else ""
    return "<problem>\n" + "\n\n".join(parts) + demand + "\n</problem>"


def _parts(text: str) -> list[str]:
    """What stands between lines `---`, the first and the last line excepted; blank lines around them go."""
    parts, part = [], [""]
    lines = lines_of(text)
    place = 0
    while place < len(lines):
        line = lines[place]
        place += 1
        if line.strip() == "---" and len(part) > 1 and line.endswith("\n"):
            while len(part) > 1 and is_blank(part[-1]):
                part.pop()
            parts.append("".join(part).removesuffix("\n"))
            part = [""]
            while place < len(lines) and lines[place].endswith("\n") and is_blank(lines[place]):
                place += 1
            if place < len(lines):
                part.append(lines[place])
                place += 1
        else:
            part.append(line)
    return [*parts, "".join(part)]


def _part(text: str, hints: list[str]) -> str:
    for step in _BEFORE_HINTS:
        text = step(text)
    text = take_demand_hints(text, hints)
    for step in _AFTER_HINTS:
        text = step(text)
    return gathered(text.replace("\n\n\n", "\n"))
