"""Libraries out: the ZIP that Open edX restores a content library from."""

import json
import os
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from lykeion.olx.libraries import CONTAINER_TYPES, FILES, FORMAT, PACKAGE
from lykeion.olx.markup import BrokenXml
from lykeion.olx.types import Block, CourseFile, Library, OlxError, OlxWarning, Version
from lykeion.olx.writer import component_xml

_KINDS: Final = {tag: kind for kind, tag in CONTAINER_TYPES.items()}
_PIECE: Final = 1 << 20
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_LINK: Final = re.compile(r"""/static/([^\s"'<>()?#&;\\]+)""")

Key = tuple[str, str]


def write_library(library: Library, archive: Path, *, at: datetime) -> tuple[OlxWarning, ...]:
    """Write `library` to `archive`, which is there whole or not at all; what could not be written as it is.

    `at` is the time that the archive says it was made at.
    """
    work = archive.with_name(f".{archive.name}.{os.getpid()}")
    try:
        with zipfile.ZipFile(work, "x", zipfile.ZIP_DEFLATED) as packed:
            writer = _Writer(library, packed, at)
            writer.write()
        work.replace(archive)
    finally:
        work.unlink(missing_ok=True)
    return tuple(writer.warnings)


@dataclass(frozen=True, slots=True)
class _Versions:
    """One block on both branches, None where it is not."""

    draft: Block | None
    published: Block | None

    def numbered(self) -> Iterator[tuple[int, Block]]:
        """The versions to be written, the newest first."""
        if self.draft is not None and self.draft != self.published:
            yield self.draft_number, self.draft
        if self.published is not None:
            yield 1, self.published

    @property
    def draft_number(self) -> int:
        return 2 if self.published is not None and self.draft != self.published else 1


class _Writer:
    def __init__(self, library: Library, packed: zipfile.ZipFile, at: datetime) -> None:
        self._library, self._packed = library, packed
        self._at = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.warnings: list[OlxWarning] = []
        branches = [_blocks(version) for version in (library.draft, library.published)]
        keys = dict.fromkeys(key for blocks in branches for key in blocks)
        self._entities = {key: _Versions(*(blocks.get(key) for blocks in branches)) for key in keys}
        self._slugs: dict[Key, str] = {}
        self._taken_along: set[str] = set()

    def write(self) -> None:
        """Everything, the package first."""
        library = self._library
        self._put(
            PACKAGE,
            "[meta]",
            f"format_version = {FORMAT}",
            f"created_at = {self._at}",
            "",
            "[learning_package]",
            f"title = {_text(library.title)}",
            f"key = {_text(f'lib:{library.org}:{library.slug}')}",
            f"description = {_text(library.description)}",
            f"created = {self._at}",
            f"updated = {self._at}",
        )
        self._name_containers()
        for key, versions in self._entities.items():
            self._entity(key, versions)
        self._tell_files()
        for shelf in library.shelves:
            entities = _list(self._key(member) for member in shelf.members if member in self._entities)
            self._put(
                f"collections/{shelf.key}.toml",
                "[collection]",
                f"title = {_text(shelf.title)}",
                f"key = {_text(shelf.key)}",
                f"description = {_text(shelf.description)}",
                f"created = {self._at}",
                f"entities = {entities}",
            )

    def _name_containers(self) -> None:
        """Containers of all kinds share one folder, so their names must differ."""
        taken: set[str] = set()
        for block_type, block_id in self._entities:
            if block_type in _KINDS:
                name = block_id if block_id not in taken else f"{block_id}-{_KINDS[block_type]}"
                taken.add(name)
                self._slugs[block_type, block_id] = name

    def _key(self, key: Key) -> str:
        return self._slugs.get(key) or f"xblock.v1:{key[0]}:{key[1]}"

    def _entity(self, key: Key, versions: _Versions) -> None:
        lines = ["[entity]", "can_stand_alone = true", f"key = {_text(self._key(key))}", f"created = {self._at}"]
        if versions.draft is not None:
            lines += ["", "[entity.draft]", f"version_num = {versions.draft_number}"]
        lines += ["", "[entity.published]"]
        lines += ["version_num = 1"] if versions.published is not None else ["# unpublished"]
        if key in self._slugs:
            lines += ["", f"[entity.container.{_KINDS[key[0]]}]"]
        for number, block in versions.numbered():
            title = block.fields.get("display_name")
            lines += ["", "[[version]]", f"title = {_text(title if isinstance(title, str) else key[1])}"]
            lines += [f"version_num = {number}"]
            if key in self._slugs:
                children = _list(self._key((child.type, child.id)) for child in block.children)
                lines += ["", "[version.container]", f"children = {children}"]
                self._tell_settings(block)
            else:
                self._component(block, number, is_draft=block is versions.draft)
        place = f"entities/{self._slugs[key]}" if key in self._slugs else f"entities/xblock.v1/{key[0]}/{key[1]}"
        self._put(f"{place}.toml", *lines)

    def _tell_files(self) -> None:
        """An archive holds the files of components, and those they show."""
        files = {file.path for version in (self._library.draft, self._library.published) for file in version.files}
        for path in sorted({path.removeprefix("static/") for path in files} - self._taken_along):
            words = "no component shows this file, and an archive has no other place for it: it is left out"
            self.warnings.append(OlxWarning(words, f"static/{path}"))

    def _tell_settings(self, block: Block) -> None:
        left = sorted(block.fields.keys() - {"display_name"})
        if left:
            words = f"settings of the {_KINDS[block.type]} {block.id!r} have no place in an archive of a library: "
            self.warnings.append(OlxWarning(words + ", ".join(left)))

    def _component(self, block: Block, number: int, *, is_draft: bool) -> None:
        place = f"entities/xblock.v1/{block.type}/{block.id}/component_versions/v{number}"
        try:
            text = component_xml(block)
        except BrokenXml as broken:
            text = str(block.fields.get("xml", block.fields.get("data", "")))
            words = f"not well-formed XML ({broken.message}); written as it is"
            self.warnings.append(OlxWarning(words, f"{place}/block.xml", broken.line))
        version = self._library.draft if is_draft else self._library.published
        files = {file.path.removeprefix("static/"): file for file in version.files}
        own = f"{FILES.removeprefix('static/')}/{block.type}/{block.id}/"
        shown = {unquote(path) for path in _LINK.findall(text)}
        for path in sorted(path for path in files if path.startswith(own) or path in shown):
            self._copy(f"{place}/static/{path.removeprefix(own)}", files[path])
            self._taken_along.add(path)
        self._write(f"{place}/block.xml", text.replace(f"/static/{quote(own)}", "/static/").encode())

    def _put(self, path: str, *lines: str) -> None:
        self._write(path, "".join(f"{line}\n" for line in lines).encode())

    def _write(self, path: str, data: bytes) -> None:
        self._packed.writestr(_entry(path), data, zipfile.ZIP_DEFLATED)

    def _copy(self, path: str, file: CourseFile) -> None:
        with file.open() as source, self._packed.open(_entry(path), "w", force_zip64=True) as target:
            while piece := source.read(_PIECE):
                target.write(piece)


def _entry(path: str) -> zipfile.ZipInfo:
    if ".." in path.split("/") or path.startswith("/"):
        raise OlxError("a file outside the library cannot be exported", path)
    entry = zipfile.ZipInfo(path, _EPOCH)
    entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
    return entry


def _blocks(version: Version) -> Mapping[Key, Block]:
    """Components and containers of a version: what lies in a component is part of its text."""
    found: dict[Key, Block] = {}
    waiting = list(reversed(version.items))
    while waiting:
        block = waiting.pop()
        found.setdefault((block.type, block.id), block)
        if block.type in _KINDS:
            waiting.extend(reversed(block.children))
    return found


def _text(text: str) -> str:
    """A string of TOML: one of JSON is one, but for a character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, texts))}]"
