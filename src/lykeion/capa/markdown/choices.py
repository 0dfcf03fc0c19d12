"""`[[dropdown]]`, `(x) one of several`, `[x] several of several`."""

import re
from collections.abc import Sequence
from typing import Final

from lykeion.capa.markdown.hints import Hinted, attribute, hinted
from lykeion.capa.markdown.lines import is_blank, replace_between, replace_runs
from lykeion.capa.markdown.mend import mended

_CHOICE: Final = re.compile(r"\s*\((.{0,3})\)\s*")
_BOX: Final = re.compile(r"\s*\[(.?)\]\s*")
_COMPOUND: Final = re.compile(r"\s*\{\{\s*\(\((.*?)\)\)(.*?)\}\}")
_SAID: Final = {
    "true": re.compile(r"\{\s*(?:s|selected):(.*?)\}", re.IGNORECASE | re.DOTALL),
    "false": re.compile(r"\{\s*(?:u|unselected):(.*?)\}", re.IGNORECASE | re.DOTALL),
}
_COMMA: Final = re.compile(r",\s*")
_BRACKET: Final = re.compile(r"[()]")
_IN_BRACKETS: Final = re.compile(r"(?:^|,)\s*\((.*?)\)\s*(?:$|,)")


def dropdowns(text: str) -> str:
    """`[[a, (b)]]` on one line, or one option a line with feedback."""
    return replace_between(text, "[[", "]]", _dropdown, least=1)


def _dropdown(inside: str) -> str:
    entry = _options_by_line(inside) if "\n" in inside else _options_in_line(inside)
    return f"\n<optionresponse>\n{entry}\n</optionresponse>\n\n"


def _options_in_line(inside: str) -> str:
    right = _IN_BRACKETS.search(inside)
    correct = right.group(1) if right else ""
    words = ",".join(f"'{attribute(word)}'" for word in _words(inside, right))
    return f'  <optioninput options="({words})" correct="{attribute(correct)}"></optioninput>'


def _words(inside: str, right: re.Match[str] | None) -> list[str]:
    """The options in order. A comma inside the brackets of the right one does not end it, or nobody could choose it."""
    if right is None or "," not in right.group(1) or _BRACKET.search(right.group(1)):
        return [_without_brackets(word) for word in _COMMA.split(inside)]
    before, after = inside[: right.start()], inside[right.end() :].lstrip()
    return [
        *(_words(before, None) if before else ()),
        right.group(1),
        *(_words(after, None) if right.group().endswith(",") else ()),
    ]


def _without_brackets(word: str) -> str:
    bare = word.strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] == "(" and bare[-1] == ")" else word


def _options_by_line(inside: str) -> str:
    options = "".join(_option(hinted(line.strip())) for line in inside.split("\n") if not is_blank(line))
    return f"  <optioninput>\n{options}  </optioninput>"


def _option(entry: Hinted) -> str:
    word = entry.text
    right = len(word) > 1 and word[0] == "(" and word[-1] == ")"
    word = word[1:-1] if right else word
    hint = " " + Hinted("", entry.hint, entry.label or None).element("optionhint") if entry.hint else ""
    return f'    <option correct="{right}">{mended(word)}{hint}</option>\n'


def choices(text: str) -> str:
    """Lines that begin with up to three letters in brackets; `x` right, `!` shuffles all, `@` stays in its place."""
    return replace_runs(text, lambda line: _CHOICE.match(line) is not None, _choice_group)


def _choice_group(lines: Sequence[str]) -> str:
    marks = [mark for line in lines if (mark := _CHOICE.match(line.strip()))]
    shuffle = ' shuffle="true"' if any("!" in mark.group(1) for mark in marks) else ""
    group = f'  <choicegroup type="MultipleChoice"{shuffle}>\n{"".join(map(_choice, marks))}  </choicegroup>\n'
    return f"<multiplechoiceresponse>\n{group}</multiplechoiceresponse>\n\n"


def _choice(mark: re.Match[str]) -> str:
    inside, text = mark.group(1), mark.string[mark.end() :]
    fixed = ' fixed="true"' if "@" in inside else ""
    entry = hinted(text)
    text = f"{mended(entry.text)} {entry.element('choicehint')}" if entry.hint else mended(text)
    return f'    <choice correct="{_is_right(inside)}"{fixed}>{text}</choice>\n'


def _is_right(mark: str) -> str:
    return "true" if "x" in mark.lower() else "false"


def checkboxes(text: str) -> str:
    """Lines that begin with `[x]` or `[ ]`, and lines of feedback among them."""
    return replace_runs(text, _is_box_or_hint, _checkbox_group)


def _is_box_or_hint(line: str) -> bool:
    return _BOX.match(line) is not None or (line.lstrip().startswith("{{") and "}}" in line)


def _checkbox_group(lines: Sequence[str]) -> str:
    boxes = [box for line in lines if (box := _BOX.match(line))]
    compound = [found for line in lines if (found := _COMPOUND.match(line))]
    if not boxes and not compound:  # feedback to nothing stays as it was typed, for its author to see
        return "".join(line + "\n" for line in lines)
    hints = "".join(map(_compound_hint, compound))
    group = f"  <checkboxgroup>\n{''.join(map(_checkbox, boxes))}{hints}  </checkboxgroup>\n"
    return f"<choiceresponse>\n{group}</choiceresponse>\n\n"


def _compound_hint(found: re.Match[str]) -> str:
    text = found.group(2).replace("&lf;", "\n", 1).strip()
    return f'    <compoundhint value="{attribute(found.group(1).strip())}">{mended(text)}</compoundhint>\n'


def _checkbox(box: re.Match[str]) -> str:
    text = box.string[box.end() :]
    entry = hinted(text)
    hints = "".join(
        f'\n      <choicehint selected="{selected}">{mended(found.group(1).strip())}</choicehint>'
        for selected, said in _SAID.items()
        if (found := said.search(f"{{{entry.hint}}}"))
    )
    return f'    <choice correct="{_is_right(box.group(1))}">{mended(entry.text if hints else text)}{hints}</choice>\n'
