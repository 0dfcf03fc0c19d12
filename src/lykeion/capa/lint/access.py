"""What keeps out learners who listen to a page instead of looking at it."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from lykeion.capa.lint.types import Finding, at
from lykeion.capa.source import INPUT_TAGS, RESPONSE_TAGS, Element
from lykeion.capa.types import gettext_noop

_HAVE_OWN_WORDS: Final = ("annotationinput", "jsinput")


def labels(root: Element) -> Iterator[Finding]:
    """Questions whose field has no name."""
    for response in root.iter(*RESPONSE_TAGS):
        entries = [entry for entry in response.iter(*INPUT_TAGS) if entry.tag not in _HAVE_OWN_WORDS]
        previous = response.getprevious()
        named = response.find("label") is not None or (previous is not None and previous.tag == "label")
        if entries and not named and not all(entry.get("label") for entry in entries):
            mend = gettext_noop("write what is asked in <label> as the first thing in the question")
            yield at(entries[0], "label", gettext_noop("<{tag}> has no label"), mend, level="access")


def pictures(root: Element) -> Iterator[Finding]:
    """Pictures without words in their place."""
    for picture in root.iter("img"):
        if picture.get("alt") is None and picture.get("role") != "presentation":
            mend = gettext_noop('say in alt="..." what it shows, or write alt="" where it only decorates')
            yield at(
                picture,
                "alt",
                gettext_noop("the picture {src} has no alt"),
                mend,
                level="access",
                src=picture.get("src"),
            )


def ids(root: Element) -> Iterator[Finding]:
    """Ids that stand in the page twice: labels, links and scripts find the first one only."""
    seen: Counter[str] = Counter()
    for element in root.iter():
        name = element.get("id")
        if name is None or element.tag in INPUT_TAGS or element.tag in RESPONSE_TAGS:  # these get ids of their own
            continue
        scope = f"{name}\n{id(element.getparent())}" if element.tag == "choice" else name
        seen[scope] += 1
        if seen[scope] == 2:
            mend = gettext_noop("give each element its own")
            yield at(
                element, "duplicate", gettext_noop("the id {name} stands here for the second time"), mend, name=name
            )
    yield from _explanations(root)


def _explanations(root: Element) -> Iterator[Finding]:
    for group in root.iter("solutionset", "targetedfeedbackset"):
        names = Counter(child.get("explanation-id") for child in group if child.get("explanation-id"))
        for name in (name for name, count in names.items() if count > 1):
            mend = gettext_noop("only the first is shown: give each its own")
            yield at(
                group, "duplicate", gettext_noop("explanation-id {name} is used twice in <{tag}>"), mend, name=name
            )
