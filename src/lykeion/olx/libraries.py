"""Libraries in: the archive of Open edX's content libraries (a ZIP with `package.toml`), and `library.xml` of old ones.

The format is that of `openedx_content` (`backup_restore`), as its documentation tells it. An entity of the archive may
be in any number of containers; with us a block is in one place. The first container holds it, others hold copies that
name it as their `upstream`, and what is in a container does not stand at the top as well.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from lykeion.olx.folder import Folder, find_course
from lykeion.olx.loading import read_course
from lykeion.olx.markup import BrokenXml, drop_attribute, parse
from lykeion.olx.names import clean, tag_of
from lykeion.olx.reader import Place, Reader
from lykeion.olx.types import (
    Block,
    CourseFile,
    Library,
    Limits,
    OlxError,
    OlxWarning,
    Progress,
    Shelf,
    Version,
    Vocabulary,
)
from lykeion.olx.vocabulary import BuiltinVocabulary

PACKAGE: Final = "package.toml"
FORMAT: Final = 1
CONTAINER_TYPES: Final = {"unit": "vertical", "subsection": "sequential", "section": "chapter"}
FILES: Final = "static/components"
_COMPONENT: Final = re.compile(r"xblock\.v1:([^:]+):(.+)")
_ODD: Final = re.compile(r"[^\w.-]")
_BUILTIN: Final = BuiltinVocabulary()
_LIMITS: Final = Limits()
_BRANCHES: Final = ("draft", "published")

Toml = Mapping[str, Any]


def _no_progress(done: int, total: int, message: str) -> None:
    pass


def read_library(
    folder: Path,
    *,
    vocabulary: Vocabulary = _BUILTIN,
    limits: Limits = _LIMITS,
    progress: Progress = _no_progress,
) -> Library:
    """Read the library in `folder` (or in the one folder below it that holds package.toml or library.xml).

    Raises `OlxError`, with the file, when it is neither, when its package.toml or one of its entities cannot be read,
    and past `limits`. A component that is broken becomes an `error` block, anything less a warning.
    """
    base = next((one for one in (folder, *sorted(folder.glob("*/"))) if (one / PACKAGE).is_file()), None)
    if base is None:
        return _old_library(folder, vocabulary, limits, progress)
    return _Archive(Folder(base, limits), vocabulary, progress).library()


def fitting_id(name: str) -> str:
    """A block's id that can be part of the key of an item of a library."""
    return _ODD.sub("_", clean(name)) or "item"


def _old_library(folder: Path, vocabulary: Vocabulary, limits: Limits, progress: Progress) -> Library:
    if next(folder.rglob("library.xml"), None) is None and next(folder.rglob("course.xml"), None) is None:
        raise OlxError(f"no {PACKAGE} and no library.xml here or in the folder below; a library has one of them")
    base = find_course(folder)
    if not (base / "library.xml").is_file():
        raise OlxError("this is a course, not a library", "course.xml")
    course = read_course(folder, vocabulary=vocabulary, limits=limits, progress=progress)
    items = tuple(_fitted(block) for block in course.root.children)
    version = Version(items, course.files)
    title = course.root.fields.get("display_name")
    return Library(
        course.org,
        fitting_id(course.course),
        title if isinstance(title, str) else course.course,
        draft=version,
        published=version,
        warnings=course.warnings,
    )


def _fitted(block: Block) -> Block:
    return replace(block, id=fitting_id(block.id), children=tuple(_fitted(child) for child in block.children))


@dataclass(frozen=True, slots=True)
class _Entity:
    """A component or a container. `numbers` are the numbers of its versions by branch."""

    key: str
    type: str
    id: str
    file: str
    numbers: Mapping[str, int]
    versions: Mapping[int, Toml]
    is_container: bool


@dataclass(slots=True)
class _Tree:
    """The items of one branch while they are put together."""

    branch: str
    placed: dict[str, Block] = field(default_factory=dict)
    inside: set[str] = field(default_factory=set)
    files: dict[str, CourseFile] = field(default_factory=dict)
    copies: int = 0


class _Archive:
    """Reads one archive."""

    def __init__(self, folder: Folder, vocabulary: Vocabulary, progress: Progress) -> None:
        self._folder, self._progress = folder, progress
        self._warnings = folder.warnings
        self._readers = {
            branch: Reader(folder, vocabulary, {}, self._warnings, lambda *_: None) for branch in _BRANCHES
        }
        self._key = ""

    def library(self) -> Library:
        """The whole library."""
        package = self._toml(PACKAGE)
        number = _table(package, "meta").get("format_version", FORMAT)
        if number != FORMAT:
            raise OlxError(f"this archive has format {number!r}; only format {FORMAT} can be read", PACKAGE)
        about = _table(package, "learning_package")
        self._key = str(about.get("key", ""))
        parts = self._key.split(":")
        entities = {entity.key: entity for entity in self._entities()}
        versions = {branch: self._version(entities, branch) for branch in _BRANCHES}
        return Library(
            org=clean(parts[1]) if len(parts) > 2 else "",
            slug=fitting_id(parts[2]) if len(parts) > 2 else "",
            title=str(about.get("title") or (parts[2] if len(parts) > 2 else "Library")),
            description=str(about.get("description") or ""),
            draft=versions["draft"],
            published=versions["published"],
            shelves=tuple(self._shelves(entities)),
            warnings=tuple(self._warnings),
        )

    def _toml(self, path: str) -> dict[str, Any]:
        try:
            return tomllib.loads(self._folder.read(path).decode())
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise OlxError(f"not TOML: {error}", path) from error

    def _entities(self) -> Iterator[_Entity]:
        paths = [path for path in self._folder.below("entities") if path.endswith(".toml")]
        paths = [path for path in paths if "/component_versions/" not in path]
        read = [(path, self._toml(path)) for path in paths]
        read.sort(key=lambda pair: (str(_table(pair[1], "entity").get("created", "")), pair[0]))
        for path, data in read:
            entity = self._entity(path, data)
            if entity is not None:
                yield entity

    def _entity(self, path: str, data: Toml) -> _Entity | None:
        about = _table(data, "entity")
        key = str(about.get("key") or about.get("ref") or "")
        component = _COMPONENT.fullmatch(key)
        kind = next(iter(_table(about, "container")), None)
        if not key or (component is None and kind not in CONTAINER_TYPES):
            words = f"an entity of a kind that is not known ({key or 'without a key'}); left out"
            self._warnings.append(OlxWarning(words, path))
            return None
        versions = [one for one in data.get("version", ()) if isinstance(one, dict)]
        return _Entity(
            key,
            clean(component[1]) if component else CONTAINER_TYPES[str(kind)],
            fitting_id(component[2] if component else key),
            path,
            {branch: number for branch in _BRANCHES if (number := _number(_table(about, branch))) is not None},
            {number: one for one in versions if (number := _number(one)) is not None},
            component is None,
        )

    def _version(self, entities: Mapping[str, _Entity], branch: str) -> Version:
        tree = _Tree(branch)
        there = [entity for entity in entities.values() if branch in entity.numbers]
        held = {key for entity in there for key in self._members(entity, branch)}
        tops = [entity for entity in there if entity.key not in held]
        for done, entity in enumerate(tops):
            self._progress(done, len(tops), "reading")
            self._block(entity, entities, tree, ())
        items = tuple(tree.placed[entity.key] for entity in tops)
        return Version(items, tuple(file for _, file in sorted(tree.files.items())))

    def _members(self, entity: _Entity, branch: str) -> list[str]:
        version = entity.versions.get(entity.numbers.get(branch, 0), {})
        return [str(key) for key in _table(version, "container").get("children", ())] if entity.is_container else []

    def _block(self, entity: _Entity, entities: Mapping[str, _Entity], tree: _Tree, above: tuple[str, ...]) -> Block:
        if entity.key in above:
            raise OlxError(f"containers hold each other in a circle: {' -> '.join((*above, entity.key))}", entity.file)
        if len(above) > self._folder.limits.depth:
            raise OlxError(f"containers are nested deeper than {self._folder.limits.depth}", entity.file)
        if entity.is_container:
            block = self._container(entity, entities, tree, (*above, entity.key))
        else:
            block = self._component(entity, tree)
        if entity.key in tree.placed:
            return self._copy(entity, block, tree)
        tree.placed[entity.key] = block
        return block

    def _container(
        self, entity: _Entity, entities: Mapping[str, _Entity], tree: _Tree, above: tuple[str, ...]
    ) -> Block:
        number = entity.numbers[tree.branch]
        title = str(entity.versions.get(number, {}).get("title", ""))
        children = []
        for key in self._members(entity, tree.branch):
            child = entities.get(key)
            if child is None or tree.branch not in child.numbers:
                words = f"{entity.key} holds {key}, which the {tree.branch} library does not have; left out"
                self._warnings.append(OlxWarning(words, entity.file))
            else:
                children.append(self._block(child, entities, tree, above))
        return Block(entity.type, entity.id, {"display_name": title} if title else {}, tuple(children))

    def _copy(self, entity: _Entity, block: Block, tree: _Tree) -> Block:
        """A further place of what has a place: with names of its own, and with the key of the first."""
        tree.copies += 1
        if tree.copies > self._folder.limits.repeats:
            raise OlxError("too many containers hold the same items", entity.file)
        number = tree.copies + 1

        def renamed(one: Block) -> Block:
            children = tuple(renamed(child) for child in one.children)
            return Block(one.type, f"{one.id}_{number}", one.fields | {"upstream": self._upstream(one)}, children)

        return renamed(block)

    def _upstream(self, block: Block) -> str:
        library = self._key.removeprefix("lib:")
        kind = next((name for name, tag in CONTAINER_TYPES.items() if tag == block.type), None)
        return f"lct:{library}:{kind}:{block.id}" if kind else f"lb:{library}:{block.type}:{block.id}"

    def _component(self, entity: _Entity, tree: _Tree) -> Block:
        place = f"{entity.file.removesuffix('.toml')}/component_versions/v{entity.numbers[tree.branch]}"
        path = f"{place}/block.xml"
        if path not in self._folder:
            raise OlxError("the text of a component is missing", path)
        own = self._files(place, entity, tree)
        data = _relinked(self._folder.read(path), own)
        reader = self._readers[tree.branch]
        try:
            node = parse(data, path)
        except BrokenXml as broken:
            words = f"not well-formed XML ({broken.message}); kept as it is, shown as broken"
            self._warnings.append(OlxWarning(words, path, broken.line))
            fields = {"tag": entity.type, "contents": broken.text, "error": broken.message}
            return Block("error", entity.id, dict(fields))
        drop_attribute(node, "url_name")
        return reader.block(node, tag_of(node), entity.id, entity.id, Place(path, 0))

    def _files(self, place: str, entity: _Entity, tree: _Tree) -> dict[str, str]:
        """The files of a component: the name in its folder to the path below `static/` of the library."""
        top = f"{place}/static"
        own: dict[str, str] = {}
        for path in self._folder.below(top):
            name = path.removeprefix(f"{top}/")
            new = f"{FILES}/{entity.type}/{entity.id}/{name}"
            tree.files[new] = self._folder.file(path, new)
            own[name] = new
        return own

    def _shelves(self, entities: Mapping[str, _Entity]) -> Iterator[Shelf]:
        for path in self._folder.below("collections"):
            if path.endswith(".toml"):
                about = _table(self._toml(path), "collection")
                key = fitting_id(str(about.get("key") or Path(path).stem)).replace(".", "-")
                found = [entities[one] for one in map(str, about.get("entities", ())) if one in entities]
                members = tuple((entity.type, entity.id) for entity in found)
                yield Shelf(key, str(about.get("title") or key), str(about.get("description") or ""), members)


def _table(data: Toml, name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _number(table: Toml) -> int | None:
    number = table.get("version_num")
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _relinked(data: bytes, own: Mapping[str, str]) -> bytes:
    """Links to the files of a component as links to those of the library."""
    if not own:
        return data
    spelled = {form.encode(): path for name, path in own.items() for form in (name, quote(name))}
    names = sorted(spelled, key=len, reverse=True)
    link = re.compile(rb"/?static/(" + b"|".join(map(re.escape, names)) + rb")(?![\w.-])")
    return link.sub(lambda found: f"/{quote(spelled[found[1]])}".encode(), data)
