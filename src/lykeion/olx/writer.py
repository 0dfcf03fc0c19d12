"""From blocks to the files of an archive, in the form that Open edX imports.

Containers, html, problems, videos and discussions become a file and a pointer; any other block stands inside its
parent, since Open edX resolves pointers only for its own types (`xmodule/xml_block.py`).
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, cast

from lykeion.olx.archive import new_archive
from lykeion.olx.attributes import EXACT, attributes_text
from lykeion.olx.containers import container_xml, in_elements
from lykeion.olx.drafts import parent_url
from lykeion.olx.leaves import html_attributes, kept_children, problem_xml, raw_xml
from lykeion.olx.markup import BrokenXml, drop_attribute, parse_text, serialise
from lykeion.olx.names import clean, path_of
from lykeion.olx.pages import page_files
from lykeion.olx.paths import settle
from lykeion.olx.policies import course_entry, json_text
from lykeion.olx.sinks import FolderSink, Sink, TarSink
from lykeion.olx.types import Block, Course, CourseFile, Draft, Json, OlxError, OlxWarning, Progress, Vocabulary
from lykeion.olx.video import video_xml
from lykeion.olx.vocabulary import CONTAINERS, LEAVES, BuiltinVocabulary

_BUILTIN: Final = BuiltinVocabulary()


def _no_progress(done: int, total: int, message: str) -> None:
    pass


def write_course(
    course: Course,
    folder: Path,
    *,
    vocabulary: Vocabulary = _BUILTIN,
    progress: Progress = _no_progress,
) -> tuple[OlxWarning, ...]:
    """Write the course as OLX into `folder`, which is made, and must be empty if it is there.

    Reading the folder again gives an equal course. `vocabulary` is the one it was (or will be) read with; `progress`
    counts blocks and files. Returns what could not be written as it is: problems and plug-in blocks whose XML is
    broken are written as they are and will be read as `error` blocks.

    Raises `OlxError` when the folder is in use or a block's id or type cannot be a file name. What was written up to
    then stays; write into a fresh folder and move it.
    """
    return _write(Writer(FolderSink(folder), course, vocabulary, progress))


def write_archive(
    course: Course,
    archive: Path,
    *,
    vocabulary: Vocabulary = _BUILTIN,
    progress: Progress = _no_progress,
) -> tuple[OlxWarning, ...]:
    """Write the course as a .tar.gz: what `write_course` and `pack` do, without a file on disk for each block.

    The same course gives the same bytes. An archive of that name is replaced in one step, when the new one is whole.
    """
    with new_archive(archive) as tar:
        return _write(Writer(TarSink(tar, course.root.type), course, vocabulary, progress))


def _write(writer: "Writer") -> tuple[OlxWarning, ...]:
    writer.write()
    return tuple(writer.warnings)


def component_xml(block: Block) -> str:
    """A block with all below it as one text, without its own name: what an archive of a library holds of a component.

    Raises `BrokenXml` when the text of a problem or of a plug-in's block is no XML.
    """
    if block.type == "html":
        inner = "".join(kept_children(block.fields))
        data = str(block.fields.get("data", "")).replace("]]>", "]]]]><![CDATA[>")
        return f"<html{attributes_text(html_attributes(block.fields))}><![CDATA[{data}]]>{inner}</html>"
    if block.type == "error":
        return str(block.fields.get("contents", ""))
    if block.type in CONTAINERS:
        return container_xml(block, [_named(child) for child in block.children], {})
    if block.type in LEAVES:
        return problem_xml(block.fields) if block.type == "problem" else video_xml(block)
    node = parse_text(raw_xml(block, [_named(child) for child in block.children]))
    drop_attribute(node, "url_name")
    return serialise(node)


def _named(block: Block) -> str:
    node = parse_text(component_xml(block))
    node.set("url_name", block.id)
    return serialise(node)


class Writer:
    """Writes one course. `prefix` is "" while the published tree is written, "drafts/" for drafts."""

    def __init__(self, sink: Sink, course: Course, vocabulary: Vocabulary, progress: Progress) -> None:
        self.sink, self.course = sink, course
        self.vocabulary, self.progress = vocabulary, progress
        self.warnings: list[OlxWarning] = []
        self.policy: dict[str, Json] = dict(course.policy)
        self.prefix = ""
        self._done = 0
        self._total = sum(1 for _ in course.root.walk()) + len(course.files) + len(course.extras)

    def write(self) -> None:
        """Write everything, the tree first."""
        course = self.course
        if course.root.type == "library":
            self._library(course)
        else:
            self._course(course)
        for draft in course.drafts:
            self._draft(draft)
        for path, text in page_files(course.pages).items():
            self._put(path, text)
        extras, moved = settle(course, list(course.extras))
        self.warnings.extend(moved)
        for file in (*course.files, *extras):
            self._copy(file)
        self.progress(self._total, self._total, "writing")

    def _course(self, course: Course) -> None:
        root, run = course.root, course.run
        pointer = {"url_name": run, "org": course.org, "course": course.course}
        self._put("course.xml", f"<course{attributes_text(pointer)}/>\n")
        text = container_xml(root, self._children(root), {}, frozenset([EXACT]))  # policy.json carries all values
        self._put(f"course/{run}.xml", text)
        self.policy[f"course/{run}"] = course_entry(root.fields, in_elements(root))
        self._put(f"policies/{run}/policy.json", json_text(self.policy))
        if "grading_policy" in root.fields:
            self._put(f"policies/{run}/grading_policy.json", json_text(root.fields["grading_policy"]))

    def _library(self, course: Course) -> None:
        identity = {"org": course.org, "library": course.course}
        self._put("library.xml", container_xml(course.root, self._children(course.root), identity))

    def _draft(self, draft: Draft) -> None:
        self.prefix = "drafts/"
        place = {"parent_url": parent_url(self.course, draft), "index_in_children_list": str(draft.index)}
        try:
            self._file_of(draft.block, place)
        except BrokenXml as broken:
            message = (
                f"the draft of {draft.block.type} {draft.block.id!r} is not XML and was left out: {broken.message}"
            )
            self.warnings.append(OlxWarning(message, line=broken.line))
        self.prefix = ""

    def _children(self, parent: Block) -> list[str]:
        return [self._embedded(child, parent) for child in parent.children]

    def _embedded(self, block: Block, parent: Block) -> str:
        """What stands for a block in its parent: the block itself, or a pointer to the file that is written here."""
        self._count()
        if beside := block.fields.get("beside"):
            names = ", ".join(sorted(map(str, cast("dict[str, Json]", beside))))
            self.warnings.append(OlxWarning(f"{block.type} {block.id!r}: its package does not write {names} as XML"))
        own = block.type in CONTAINERS or block.type in LEAVES
        if own or block.type == "error" or not self._is_inline(parent):
            return self._pointed(block)
        try:
            return raw_xml(block, self._children(block))
        except BrokenXml:
            return self._pointed(block)

    def _is_inline(self, parent: Block) -> bool:
        """Whether the children of `parent` are blocks even where they are no pointers."""
        return parent.type in CONTAINERS or self.vocabulary.is_container(parent.type)

    def _pointed(self, block: Block) -> str:
        tag = str(block.fields.get("tag")) if block.type == "error" else block.type
        try:
            self._file_of(block, {})
        except BrokenXml as broken:
            self._broken(block, broken)
        return f"<{tag}{attributes_text({'url_name': block.id})}/>"

    def _broken(self, block: Block, broken: BrokenXml) -> None:
        """A problem or plug-in block that is not XML: its text is the file, its settings go to policy.json."""
        text = str(block.fields.get("xml", block.fields.get("data", "")))
        settings = {name: value for name, value in block.fields.items() if name not in ("xml", "data")}
        if settings and not self.prefix:
            self.policy[f"{block.type}/{block.id}"] = settings
        path = self._path(block.type, block.id)
        self.warnings.append(OlxWarning(f"not well-formed XML ({broken.message}); written as it is", path, broken.line))
        self._put(path, text)

    def _file_of(self, block: Block, place: Mapping[str, str]) -> None:
        """Write the definition file of a block. `place` are the attributes of a draft root."""
        if block.type == "error":
            self._error(block, place)
        elif block.type in CONTAINERS:
            text = container_xml(block, self._children(block), dict(place))
            self._put(self._path(block.type, block.id), text)
        else:
            self._put(self._path(block.type, block.id), _placed(self._text(block), place))

    def _error(self, block: Block, place: Mapping[str, str]) -> None:
        contents = str(block.fields.get("contents", ""))
        if contents:
            self._put(
                self._path(str(block.fields.get("tag")), block.id), _placed(contents, place) if place else contents
            )

    def _text(self, block: Block) -> str:
        if block.type == "html":
            return self._html(block)
        if block.type == "problem":
            return problem_xml(block.fields) + "\n"
        if block.type in ("video", "discussion"):
            return video_xml(block)
        return raw_xml(block, self._children(block)) + "\n"

    def _html(self, block: Block) -> str:
        self._put(self._path("html", block.id, ".html"), str(block.fields.get("data", "")))
        attributes = {"filename": block.id.rsplit(":", 1)[-1], **html_attributes(block.fields)}
        inner = "".join(kept_children(block.fields))
        start = f"<html{attributes_text(attributes)}"
        return f"{start}>{inner}</html>\n" if inner else f"{start}/>\n"

    def _path(self, tag: str, name: str, ending: str = ".xml") -> str:
        if clean(name) != name or clean(tag) != tag or not name or not tag:
            raise OlxError(f"the block {tag!r} {name!r} has a name that no file can have")
        return self.prefix + path_of(tag, name, ending)

    def _put(self, path: str, text: str) -> None:
        try:
            data = text.encode()
        except UnicodeEncodeError as error:
            raise OlxError(f"the text holds half a character ({error.reason}) and cannot be written", path) from error
        self.sink.put(path, data)

    def _copy(self, file: CourseFile) -> None:
        self._count()
        if ".." in file.path.split("/") or file.path.startswith("/"):
            raise OlxError("a file outside the course cannot be exported", file.path)
        self.sink.copy(file)

    def _count(self) -> None:
        self._done += 1
        if self._done % 100 == 0:
            self.progress(min(self._done, self._total), self._total, "writing")


def _placed(text: str, place: Mapping[str, str]) -> str:
    """A definition with the attributes of a draft root. Raises `BrokenXml` when it is not XML."""
    if not place:
        return text
    node = parse_text(text)
    for name, value in place.items():
        node.set(name, value)
    return serialise(node) + "\n"
