"""The values that course XML is read into and written from. All are frozen; none knows where it is stored."""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Fields: TypeAlias = dict[str, Json]
Progress: TypeAlias = Callable[[int, int, str], None]
"""Called as `progress(done, total, message)`; `total` is an upper bound, known from the start."""


class OlxError(Exception):
    """A course that cannot be taken, with the reason and the place in words fit for its author."""

    def __init__(self, message: str, file: str = "", line: int = 0) -> None:
        self.message, self.file, self.line = message, file, line
        super().__init__(f"{place(file, line)}{message}")


def place(file: str, line: int) -> str:
    """`problem/a.xml, line 3: ` for the start of a message; empty when no file is known."""
    if not file:
        return ""
    return f"{file}, line {line}: " if line else f"{file}: "


@dataclass(frozen=True, slots=True)
class OlxWarning:
    """Something odd that did not stop the import: what, in which file, on which line (0: the file as a whole)."""

    message: str
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{place(self.file, self.line)}{self.message}"


@dataclass(frozen=True, slots=True)
class Block:
    """One node of a course tree.

    `type` is the XML tag, `id` the url_name, unique among the blocks of that type in one tree. `fields` holds the
    explicitly set fields in JSON form. Kinds of fields beside the block's own settings:

    * containers: `xml_attributes` (unknown attributes), on the course also `grading_policy`, `wiki_slug`, `textbooks`
    * html: `data`, the body; problem: `data`, the XML with the attributes that are no fields
    * video, discussion: `xml_children`, unknown child elements as XML text
    * any other type: `xml` alone, the element without its url_name and without those children that are blocks; beside
      it what says of which item of a library the block is a copy (`upstream`, ...)
    * `error`: `tag`, `contents` (the text as found), `error` (what is wrong with it)
    * all but `xml` and `error` ones: `xml_asides`, elements of XBlock asides as XML text
    """

    type: str
    id: str
    fields: Fields = field(default_factory=dict)
    children: "tuple[Block, ...]" = ()

    def walk(self) -> "Iterator[Block]":
        """Yield this block and all below it, parents first, in course order."""
        waiting = [self]
        while waiting:
            block = waiting.pop()
            yield block
            waiting.extend(reversed(block.children))


@dataclass(frozen=True, slots=True)
class CourseFile:
    """A file of the archive, kept as it is. `path` is relative to the course folder, with `/`; `size` in bytes.

    The bytes stay where they are until they are asked for. Two files are equal when path and size are; compare
    `digest()` too where the content matters.
    """

    path: str
    size: int
    source: "Path | bytes | Callable[[], BinaryIO]" = field(compare=False, repr=False)

    def open(self) -> BinaryIO:
        """Open the content for reading; the caller closes it."""
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        if isinstance(self.source, Path):
            return self.source.open("rb")
        return self.source()

    def read(self) -> bytes:
        """The whole content. Large files are better read in pieces, from `open`."""
        with self.open() as stream:
            return stream.read()

    def digest(self) -> str:
        """SHA-256 of the content in hexadecimal, read in pieces."""
        digest = hashlib.sha256()
        with self.open() as stream:
            while piece := stream.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """A unit (or any block) that differs from the published tree: it replaces the block of the same type and id, or
    becomes child number `index` of the published block `(parent_type, parent_id)`."""

    parent_type: str
    parent_id: str
    index: int
    block: Block


@dataclass(frozen=True, slots=True)
class Course:
    """A course (or a legacy library: then the root's type is `library` and `run` is `library`) as its archive tells it.

    `root` is the published tree. `drafts` is the overlay of unpublished units; `api.draft_root` applies it.
    `pages` are blocks of type about, course_info and static_tab, with their text in `data`.
    `policy` holds entries of policy.json that belong to no field of the tree, by "type/url_name".
    `files` are those below `static/`; `extras` every other file that was not understood, kept for the export.
    `skipped` names litter that is not kept (editor backups, `._*`, `.git`). Skipped names and warnings do not
    count when two courses are compared.
    """

    org: str
    course: str
    run: str
    root: Block
    drafts: tuple[Draft, ...] = ()
    pages: tuple[Block, ...] = ()
    policy: dict[str, Json] = field(default_factory=dict)
    files: tuple[CourseFile, ...] = ()
    extras: tuple[CourseFile, ...] = ()
    skipped: tuple[str, ...] = field(default=(), compare=False)
    warnings: tuple[OlxWarning, ...] = field(default=(), compare=False)

    def counts(self) -> Mapping[str, int]:
        """Number of published blocks by type, largest first."""
        tally: dict[str, int] = {}
        for block in self.root.walk():
            tally[block.type] = tally.get(block.type, 0) + 1
        return dict(sorted(tally.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection of items of a library; `members` are (type, id) of blocks at any depth."""

    key: str
    title: str
    description: str = ""
    members: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """What a library is on one branch: its items, and the files below `static/`."""

    items: tuple[Block, ...] = ()
    files: tuple[CourseFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Library:
    """A library as its archive tells it. Units, subsections and sections are blocks of type `vertical`, `sequential`
    and `chapter` with their items inside. Files of one item are below `static/components/TYPE/ID/`."""

    org: str
    slug: str
    title: str
    description: str = ""
    draft: Version = Version()
    published: Version = Version()
    shelves: tuple[Shelf, ...] = ()
    warnings: tuple[OlxWarning, ...] = field(default=(), compare=False)


class Vocabulary(Protocol):
    """Which tags hold child blocks. The installed XBlock classes know more than the built-in table."""

    def is_container(self, tag: str) -> bool:
        """Whether every child element of `<tag>` is a block of its own."""

    def is_known(self, tag: str) -> bool:
        """Whether the site can show blocks `<tag>`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a course may be. Sizes in bytes; the defaults let the largest known courses through several times."""

    archive_entries: int = 300_000
    archive_bytes: int = 8 << 30
    archive_ratio: int = 200  # unpacked / packed, looked at once `ratio_from` bytes are out
    ratio_from: int = 128 << 20
    path_bytes: int = 1024
    path_depth: int = 32
    name_bytes: int = 255  # of one file or folder, as file systems have it
    text_bytes: int = 32 << 20  # one XML, HTML or JSON file
    tree_bytes: int = 512 << 20  # all of them together, as often as they are read
    blocks: int = 500_000
    repeats: int = 20_000  # blocks read again because several places point at them
    depth: int = 50  # blocks inside blocks
