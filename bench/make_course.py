"""Make a course of any size as OLX, for tests and measurements: `python bench/make_course.py FOLDER [--blocks 20000]`.

The text is ours and made by counting, so the same arguments give the same files.
"""

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

UNITS_PER_SUBSECTION = 5
BLOCKS_PER_UNIT = 4
SUBSECTIONS_PER_SECTION = 8
KINDS = ("html", "problem", "html", "video", "problem", "html", "problem", "discussion")
WORDS = (  # noqa: SIM905 - a text reads better than thirty quoted words
    "river stone measure garden lantern harbour method orbit paper signal forest number window answer bridge season"
    " thread copper valley question market compass feather reason island engine pattern silver meadow letter"
).split()

GRADING = {
    "GRADER": [
        {"type": "Homework", "short_label": "HW", "min_count": 10, "drop_count": 2, "weight": 0.6},
        {"type": "Exam", "min_count": 1, "drop_count": 0, "weight": 0.4},
    ],
    "GRADE_CUTOFFS": {"Pass": 0.5},
}


def write_big_course(
    folder: Path, blocks: int = 20_000, *, org: str = "Lykeion", course: str = "BIG", run: str = "2026", drafts: int = 0
) -> int:
    """Write an OLX course of about `blocks` blocks into `folder`; returns the exact number, the course included.

    Sections hold 8 subsections of 5 units of 4 components each. `drafts` of the first units get a draft beside them.
    """
    for top in ("course", "chapter", "sequential", "vertical", *set(KINDS), "static", "about", f"policies/{run}"):
        (folder / top).mkdir(parents=True, exist_ok=True)
    tree = _sections(max(1, blocks - 1))
    _write_top(folder, org, course, run, list(tree))
    written = 1
    for chapter, sequentials in tree.items():
        pointers = "".join(f'  <sequential url_name="{name}"/>\n' for name in sequentials)
        number = int(chapter[1:])
        _write(folder, f"chapter/{chapter}.xml", f'<chapter display_name="Section {number}">\n{pointers}</chapter>\n')
        written += 1
        for sequential, units in sequentials.items():
            written += _write_subsection(folder, sequential, units)
    for unit in _first_units(tree, drafts):
        _write_draft(folder, unit, org, course, run)
    return written


def _sections(wanted: int) -> dict[str, dict[str, dict[str, int]]]:
    """Section -> subsection -> unit -> number of components, until `wanted` blocks are named."""
    tree: dict[str, dict[str, dict[str, int]]] = {}
    left, unit = wanted, 0
    while left > 0:
        subsection, section = unit // UNITS_PER_SUBSECTION, unit // (UNITS_PER_SUBSECTION * SUBSECTIONS_PER_SECTION)
        if f"c{section}" not in tree:
            tree[f"c{section}"], left = {}, left - 1
        if f"s{subsection}" not in tree[f"c{section}"]:
            tree[f"c{section}"][f"s{subsection}"], left = {}, left - 1
        components = max(0, min(BLOCKS_PER_UNIT, left - 1))
        tree[f"c{section}"][f"s{subsection}"][f"v{unit}"] = components
        left, unit = left - 1 - components, unit + 1
    return tree


def _write_top(folder: Path, org: str, course: str, run: str, chapters: list[str]) -> None:
    pointers = "".join(f'  <chapter url_name="{name}"/>\n' for name in chapters)
    settings = {"display_name": "A Very Long Course", "start": "2020-01-01T00:00:00Z", "language": "en"}
    _write(folder, "course.xml", f'<course url_name="{run}" org="{org}" course="{course}"/>\n')
    _write(folder, f"course/{run}.xml", f"<course>\n{pointers}</course>\n")
    _write(folder, f"policies/{run}/policy.json", json.dumps({f"course/{run}": settings}, indent=2))
    _write(folder, f"policies/{run}/grading_policy.json", json.dumps(GRADING, indent=2))
    _write(folder, "about/overview.html", f"<h2>About this course</h2><p>{_prose(1, 60)}</p>\n")
    _write(folder, "static/notes.txt", _prose(7, 400) + "\n")


def _write_subsection(folder: Path, sequential: str, units: dict[str, int]) -> int:
    number = int(sequential[1:])
    graded = ' format="Homework" graded="true"' if number % 3 == 0 else ""
    pointers = "".join(f'  <vertical url_name="{name}"/>\n' for name in units)
    head = f'<sequential display_name="Subsection {number}"{graded}>\n'
    _write(folder, f"sequential/{sequential}.xml", f"{head}{pointers}</sequential>\n")
    for unit, components in units.items():
        _write_unit(folder, unit, components)
    return 1 + len(units) + sum(units.values())


def _write_unit(folder: Path, unit: str, components: int, attributes: str = "") -> None:
    names = [_component(unit, place) for place in range(components)]
    pointers = "".join(f'  <{kind} url_name="{name}"/>\n' for kind, name in names)
    text = f'<vertical display_name="Unit {int(unit[1:])}"{attributes}>\n{pointers}</vertical>\n'
    _write(folder, f"vertical/{unit}.xml", text)
    for kind, name in names:
        for path, content in _definition(kind, name):
            _write(folder, path, content)


def _component(unit: str, place: int) -> tuple[str, str]:
    number = int(unit[1:]) * BLOCKS_PER_UNIT + place
    kind = KINDS[number % len(KINDS)]
    return kind, f"{kind[0]}{number}"


def _definition(kind: str, name: str) -> Iterator[tuple[str, str]]:
    number = int(name[1:])
    title = f'display_name="{_prose(number, 3).capitalize()}"'
    if kind == "html":
        yield f"html/{name}.xml", f'<html filename="{name}" {title}/>\n'
        yield f"html/{name}.html", "".join(f"<p>{_prose(number + i, 40)}</p>\n" for i in range(1 + number % 4))
    elif kind == "video":
        yield f"video/{name}.xml", f'<video {title} youtube_id_1_0="" html5_sources="[]" sub=""/>\n'
    elif kind == "discussion":
        yield f"discussion/{name}.xml", f'<discussion discussion_id="{name}" discussion_category="Week" {title}/>\n'
    else:
        yield f"problem/{name}.xml", _problem(number, title)


def _problem(number: int, title: str) -> str:
    if number % 2:
        answer = number % 97
        inner = f'  <p>{_prose(number, 12)}: {number} mod 97?</p>\n  <numericalresponse answer="{answer}">\n'
        inner += "    <formulaequationinput/>\n  </numericalresponse>\n"
        return f'<problem {title} max_attempts="3">\n{inner}</problem>\n'
    choices = "".join(
        f'      <choice correct="{str(i == number % 4).lower()}">{_prose(number + i, 4)}</choice>\n' for i in range(4)
    )
    group = f'    <choicegroup type="MultipleChoice">\n{choices}    </choicegroup>\n'
    label = f"    <label>{_prose(number, 9)}?</label>\n"
    return f"<problem {title}>\n  <multiplechoiceresponse>\n{label}{group}  </multiplechoiceresponse>\n</problem>\n"


def _first_units(tree: dict[str, dict[str, dict[str, int]]], count: int) -> list[tuple[str, str, int]]:
    units = [(s, i, u) for ss in tree.values() for s, us in ss.items() for i, u in enumerate(us)]
    return [(sequential, unit, index) for sequential, index, unit in units[:count]]


def _write_draft(folder: Path, unit: tuple[str, str, int], org: str, course: str, run: str) -> None:
    sequential, name, index = unit
    for top in ("vertical", *set(KINDS)):
        (folder / "drafts" / top).mkdir(parents=True, exist_ok=True)
    parent = f"block-v1:{org}+{course}+{run}+type@sequential+block@{sequential}"
    place = f' parent_url="{parent}" index_in_children_list="{index}"'
    _write_unit(folder / "drafts", name, 2, place)


def _prose(seed: int, words: int) -> str:
    """Words picked by a small multiplicative generator, so that no two texts are alike."""
    state, picked = seed * 2654435761 % 2**32 or 1, []
    for _ in range(words):
        state = (state * 1103515245 + 12345) % 2**31
        picked.append(WORDS[(state >> 16) % len(WORDS)])
    return " ".join(picked)


def _write(folder: Path, path: str, text: str) -> None:
    (folder / path).write_text(text, encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Make a large OLX course out of nothing.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--blocks", type=int, default=20_000)
    parser.add_argument("--drafts", type=int, default=0)
    arguments = parser.parse_args()
    print(write_big_course(arguments.folder, arguments.blocks, drafts=arguments.drafts), "blocks")


if __name__ == "__main__":
    main()
