"""A whole course folder: who it is, its tree, drafts, pages and files, and what is left over."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

from lykeion.olx.drafts import read_drafts
from lykeion.olx.folder import Folder, find_course
from lykeion.olx.markup import BrokenXml, Node, elements, has_text, line_of, parse
from lykeion.olx.names import clean
from lykeion.olx.pages import read_pages
from lykeion.olx.paths import settle
from lykeion.olx.policies import read_grading_policy, read_policy
from lykeion.olx.reader import Place, Reader
from lykeion.olx.types import Block, Course, CourseFile, Json, Limits, OlxError, OlxWarning, Progress, Vocabulary
from lykeion.olx.vocabulary import PLAIN_FOLDERS, BuiltinVocabulary

_TEMPLATE: Final = re.compile(rb"<%|\$\{|^\s*##", re.M)
_IDENTITY: Final = frozenset(["url_name", "org", "course", "slug", "library"])
_BUILTIN: Final = BuiltinVocabulary()
_LIMITS: Final = Limits()


def _no_progress(done: int, total: int, message: str) -> None:
    pass


def read_course(
    folder: Path,
    *,
    vocabulary: Vocabulary = _BUILTIN,
    limits: Limits = _LIMITS,
    progress: Progress = _no_progress,
) -> Course:
    """Read the course in `folder` (or in the one folder below it that holds course.xml, at most three levels down).

    Changes nothing. Every file ends up in the result: as part of a block or page, in `files`, in `extras`, or, if it
    is litter, in `skipped`. `vocabulary` tells which plug-in tags hold child blocks; `progress` counts files.

    Raises `OlxError`, with file and line, when the folder is no course (Moodle backups and templates are named),
    when course.xml or the course's own definition is broken, when pointers run in a circle, when a text is not in
    its encoding, when XML declares entities, and past `limits`. Anything less becomes an `error` block or a warning.
    """
    base = find_course(folder)
    files = Folder(base, limits)
    warnings = files.warnings
    node, top = _top(files)
    org, number, run = _identity(node, files, warnings)
    policy = read_policy(files, run, warnings) if node.tag == "course" else {}
    reader = Reader(files, vocabulary, policy, warnings, progress)
    root = _root(reader, node, run, top)
    if node.tag == "course":
        root = _with_grading(root, read_grading_policy(files, run, warnings))
    drafts = read_drafts(Reader(files, vocabulary, {}, warnings, progress, "drafts/"), root)
    pages = read_pages(files, run, warnings)
    course = Course(org, number, run, root, drafts, pages, _left(policy, warnings))
    progress(len(files.sizes), len(files.sizes), "reading")
    return _with_files(course, files, _outside(folder, base, limits))


def _top(files: Folder) -> tuple[Node, str]:
    top = "course.xml" if "course.xml" in files else "library.xml"
    if top not in files:
        raise OlxError("course.xml is a link, not a file", "course.xml")
    data = files.read(top)
    try:
        node = parse(data, top)
    except BrokenXml as broken:
        if _TEMPLATE.search(data):
            raise OlxError("this is a template (Mako), not OLX; render it first", top, broken.line) from broken
        raise OlxError(f"not well-formed XML: {broken.message}", top, broken.line) from broken
    if node.get("contextid") is not None or node.find("fullname") is not None:
        raise OlxError("this is a Moodle backup, not OLX; convert it first", top, 1)
    if node.tag not in ("course", "library"):
        raise OlxError(f"<course> was expected, not <{node.tag}>", top, line_of(node))
    return node, top


def _identity(node: Node, files: Folder, warnings: list[OlxWarning]) -> tuple[str, str, str]:
    top, line = f"{node.tag}.xml", line_of(node)
    org = clean(node.get("org", "").strip())
    if not org:
        warnings.append(OlxWarning("no org is given; 'edx' is taken", top, line))
    number = clean(node.get(str(node.tag), "").strip())
    if not number:
        warnings.append(OlxWarning(f"no {node.tag} number is given; 'course' is taken", top, line))
    run = "library" if node.tag == "library" else _run(node, files)
    return org or "edx", number or "course", run


def _run(node: Node, files: Folder) -> str:
    given = next((text for name in ("url_name", "slug", "name") if (text := node.get(name, "").strip())), "")
    if given:
        return clean(given)
    definitions = [path for path in files.below("course") if path.endswith(".xml") and path.count("/") == 1]
    return clean(Path(definitions[0]).stem) if len(definitions) == 1 else "course"


def _root(reader: Reader, node: Node, run: str, top: str) -> Block:
    """The course block. Only here a broken or missing definition ends the import: nothing could be shown."""
    tag = str(node.tag)
    reader.names.claim(tag, run, run)
    wanted = node.get("url_name", "").strip() or run
    if elements(node) or has_text(node) or tag == "library":
        for name in _IDENTITY & set(node.attrib):
            del node.attrib[name]
        return reader.container(node, tag, run, Place(top, 0))
    path = reader.find("course", wanted)
    if path is None:
        raise OlxError(f"course/{run}.xml, which holds the course, is missing", top, line_of(node))
    with reader.reading(path, node):
        return reader.container(_definition(reader, node, path), tag, run, Place(path, 0))


def _definition(reader: Reader, pointer: Node, path: str) -> Node:
    try:
        definition = reader.parse(path)
    except BrokenXml as broken:
        raise OlxError(f"not well-formed XML: {broken.message}", path, broken.line) from broken
    if definition.tag != "course":
        reader.warn(f"<course> was expected, not <{definition.tag}>; read as <course>", path, line_of(definition))
    for name in _IDENTITY & set(definition.attrib):
        del definition.attrib[name]
    for key, text in pointer.attrib.items():
        if key not in _IDENTITY and key not in definition.attrib:
            definition.set(key, text)
    return definition


def _with_grading(root: Block, grading: dict[str, Json] | None) -> Block:
    return replace(root, fields={**root.fields, "grading_policy": grading}) if grading is not None else root


def _left(policy: dict[str, Json], warnings: list[OlxWarning]) -> dict[str, Json]:
    message = "the policy of {!r} fits no block of the course; kept as it is"
    warnings.extend(OlxWarning(message.format(key), "policy.json") for key in policy)
    return policy


def _outside(folder: Path, base: Path, limits: Limits) -> list[CourseFile]:
    """Files beside the course's folder in the archive; kept under `orphans/`."""
    if folder == base:
        return []
    around, inside = Folder(folder, limits), f"{base.relative_to(folder).as_posix()}/"
    return [around.file(path, f"orphans/{path}") for path in around.sizes if not path.startswith(inside)]


def _with_files(course: Course, files: Folder, outside: list[CourseFile]) -> Course:
    static = tuple(files.file(path) for path in files.unused() if path.startswith("static/"))
    rest = [files.file(path) for path in files.unused() if not path.startswith("static/")]
    warnings = [*files.warnings, *(_orphan(file) for file in rest if _is_definition(file.path))]
    course = replace(course, files=static, skipped=tuple(files.skipped))
    extras, moved = settle(course, [*rest, *outside])
    return replace(course, extras=extras, warnings=(*warnings, *moved))


def _is_definition(path: str) -> bool:
    top, _, name = path.removeprefix("drafts/").partition("/")
    return bool(name) and top not in PLAIN_FOLDERS and name.endswith((".xml", ".html"))


def _orphan(file: CourseFile) -> OlxWarning:
    return OlxWarning("nothing in the course points here; kept as it is", file.path)
