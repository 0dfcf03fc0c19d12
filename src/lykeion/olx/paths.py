"""Which files a course is written to, and where other files make room for them."""

from collections.abc import Iterator

from lykeion.olx.names import path_of
from lykeion.olx.pages import page_files
from lykeion.olx.types import Block, Course, CourseFile, OlxWarning


def definition_paths(course: Course) -> set[str]:
    """Paths that belong to the course itself: no other file may be written there."""
    paths = {f"{course.root.type}.xml", f"policies/{course.run}/policy.json", *page_files(course.pages)}
    if "grading_policy" in course.root.fields:
        paths.add(f"policies/{course.run}/grading_policy.json")
    paths.update(_paths_below(course.root, ""))
    for draft in course.drafts:
        paths.update(_paths_below(draft.block, "drafts/"))
    return paths


def _paths_below(root: Block, prefix: str) -> Iterator[str]:
    for block in root.walk():
        tag = str(block.fields.get("tag")) if block.type == "error" else block.type
        yield prefix + path_of(tag, block.id)
        if tag == "html":
            yield prefix + path_of(tag, block.id, ".html")


def settle(course: Course, extras: list[CourseFile]) -> tuple[tuple[CourseFile, ...], list[OlxWarning]]:
    """Extras, sorted by path, each with a path of its own: one in the way of the course moves below `orphans/`."""
    taken = definition_paths(course) | {file.path for file in course.files}
    settled: dict[str, CourseFile] = {}
    warnings = []
    for extra in sorted(extras, key=lambda file: file.path):
        path = _free(extra.path, taken | settled.keys())
        if path != extra.path:
            warnings.append(OlxWarning(f"not used by the course, and in its way; kept as {path}", extra.path))
        settled[path] = CourseFile(path, extra.size, extra.source)
    return tuple(settled[path] for path in sorted(settled)), warnings


def _free(path: str, taken: set[str]) -> str:
    if path not in taken:
        return path
    moved, number = f"orphans/{path}", 2
    while moved in taken:
        moved, number = f"orphans/{number}/{path}", number + 1
    return moved
