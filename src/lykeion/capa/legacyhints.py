"""The old `<hintgroup>`: named conditions, and texts that are shown on them."""

from collections.abc import Set
from dataclasses import dataclass

from lykeion.capa.scope import Part


@dataclass(frozen=True, slots=True)
class HintGroup:
    """`conditions` are (name, expected answer); `texts` are (name, text), in order."""

    mode: str
    conditions: tuple[tuple[str, str], ...]
    texts: tuple[tuple[str, str], ...]

    def text_for(self, names: Set[str]) -> str | None:
        """The text of the first part that is shown on one of these conditions."""
        for name, text in self.texts:
            if name in names:
                return text
        return None


def hint_group(part: Part, condition: str) -> HintGroup | None:
    """The response's hint group with conditions of this tag; None when it has none."""
    group = part.element.find("hintgroup")
    if group is None:
        return None
    return HintGroup(
        mode=group.get("mode", "always"),
        conditions=tuple(
            (element.get("name", ""), part.scope.substitute(element.get("answer", "")))
            for element in group.findall(condition)
        ),
        texts=tuple((element.get("on", ""), element.findtext("text") or "") for element in group.findall("hintpart")),
    )
