"""From XML elements to blocks: pointers, inline definitions, names, broken pieces.

The rules are those of `xmodule/modulestore/xml.py` and `xmodule/xml_block.py` of Open edX.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from posixpath import dirname

from lykeion.olx.containers import read_container
from lykeion.olx.folder import Folder
from lykeion.olx.leaves import (
    is_aside,
    is_option,
    read_attributes,
    read_discussion,
    read_problem,
    read_raw,
    remove,
    take_asides,
)
from lykeion.olx.markup import BrokenXml, Node, body, decode, elements, has_text, line_of, parse, serialise
from lykeion.olx.names import Names, clean, fallback_name, given_name, path_of, tag_of
from lykeion.olx.policies import apply_policy
from lykeion.olx.types import Block, Fields, Json, OlxError, OlxWarning, Progress, Vocabulary
from lykeion.olx.video import read_video
from lykeion.olx.vocabulary import CONTAINERS, LEAVES, PLAIN_FOLDERS, UNIQUE

_POINTER = ["url_name"]


def is_pointer(node: Node) -> bool:
    """Whether a node only names its definition: its one attribute is url_name, and nothing but asides is inside."""
    return node.attrib.keys() == _POINTER and not has_text(node) and all(is_aside(child) for child in elements(node))


class Missing(Exception):
    """A definition, or a part of it, that is not in the archive."""

    def __init__(self, message: str, contents: str) -> None:
        super().__init__(message)
        self.message, self.contents = message, contents


@dataclass(frozen=True, slots=True)
class Place:
    """Where a definition stands: its file, relative to the course folder, and how deep the block is."""

    file: str
    depth: int


class Reader:
    """Reads one tree. `prefix` is "" for the published one and "drafts/" for drafts, which look there first."""

    def __init__(
        self,
        folder: Folder,
        vocabulary: Vocabulary,
        policy: dict[str, Json],
        warnings: list[OlxWarning],
        progress: Progress,
        prefix: str = "",
    ) -> None:
        self.folder, self.vocabulary, self.policy = folder, vocabulary, policy
        self.warnings, self.progress, self.prefix = warnings, progress, prefix
        self.names = Names()
        self._open_files: list[str] = []
        self._blocks = self._repeats = self._files = 0

    def warn(self, message: str, file: str, line: int = 0) -> None:
        """Note something odd."""
        self.warnings.append(OlxWarning(message, file, line))

    def child(self, node: Node, place: Place) -> Block:
        """The block of a child element, wherever its definition is."""
        self._count(place, node)
        tag = tag_of(node)
        if len(tag) > 100:
            raise OlxError(f"the tag <{tag[:40]}...> is too long", place.file, line_of(node))
        wanted = given_name(node)
        name = self._name(node, wanted, place)
        return self.block(node, tag, name, wanted or name, place)

    def block(self, node: Node, tag: str, name: str, wanted: str, place: Place) -> Block:
        """The block `tag`/`name` that `node` is or points at; `wanted` is the name as the author wrote it."""
        try:
            if not is_pointer(node):
                return self.defined(node, tag, name, place)
            path = self.find(tag, wanted)
            if path is None:
                return self._without_file(node, tag, name, place)
            with self.reading(path, node, place):
                definition = self.parse(path)
                definition.extend(elements(node))  # asides may stand in the pointer
                return self.defined(definition, tag, name, Place(path, place.depth))
        except BrokenXml as broken:
            file = self._open_file(tag, wanted, place)
            self.warn(f"not well-formed XML ({broken.message}); kept as it is, shown as broken", file, broken.line)
            return self._error(tag, name, broken.text, f"{broken.message} (line {broken.line})")
        except Missing as missing:
            self.warn(f"<{tag} {wanted}>: {missing.message}; shown as broken", place.file, line_of(node))
            return self._error(tag, name, missing.contents, missing.message)

    def _open_file(self, tag: str, wanted: str, place: Place) -> str:
        return self.find(tag, wanted) or place.file

    def _count(self, place: Place, node: Node) -> None:
        limits = self.folder.limits
        self._blocks += 1
        if self._blocks > limits.blocks:
            raise OlxError(f"more than {limits.blocks:,} blocks", place.file)
        if place.depth > limits.depth:
            raise OlxError(f"blocks are nested deeper than {limits.depth}", place.file, line_of(node))

    def _name(self, node: Node, wanted: str, place: Place) -> str:
        tag, name = tag_of(node), clean(wanted)
        if not name:
            return self.names.claim(tag, fallback := fallback_name(node), fallback)
        if not self.names.is_taken(tag, name):
            return self.names.claim(tag, name, name)
        return self._renamed(node, tag, name, place)

    def _renamed(self, node: Node, tag: str, name: str, place: Place) -> str:
        self._repeats += 1
        if self._repeats > self.folder.limits.repeats:
            raise OlxError("too many nodes point at the same definitions", place.file, line_of(node))
        new = self.names.claim(tag, name, clean(fallback_name(node, name)))
        state = "; what learners did there stays with the first" if tag in UNIQUE else ""
        self.warn(f"<{tag}> {name!r} is here a second time and now called {new!r}{state}", place.file, line_of(node))
        return new

    def find(self, tag: str, name: str) -> str | None:
        """The path of the definition of a block, drafts first for a tree of drafts, or None."""
        if tag in PLAIN_FOLDERS:
            return None
        spellings = dict.fromkeys((path_of(tag, name), path_of(tag, clean(name))))
        return self._first(list(spellings))

    def _first(self, paths: list[str]) -> str | None:
        for path in paths:
            if self.prefix and self.prefix + path in self.folder:
                return self.prefix + path
            if path in self.folder:
                return path
        return None

    @contextmanager
    def reading(self, path: str, node: Node, place: Place | None = None) -> Iterator[None]:
        """While a definition file is open. Raises `OlxError` when it is open already: pointers run in a circle."""
        if path in self._open_files:
            circle = " -> ".join([*self._open_files[self._open_files.index(path) :], path])
            raise OlxError(
                f"files point at each other in a circle: {circle}", place.file if place else path, line_of(node)
            )
        self._open_files.append(path)
        try:
            yield
        finally:
            self._open_files.pop()

    def parse(self, path: str) -> Node:
        """The root element of a file of the course."""
        self._files += 1
        if self._files % 100 == 0:
            self.progress(min(self._files, len(self.folder.sizes)), len(self.folder.sizes), "reading")
        return parse(self.folder.read(path), path)

    def _without_file(self, node: Node, tag: str, name: str, place: Place) -> Block:
        """A pointer with no file: for a plug-in it is a block with no settings, for ours something is missing."""
        if elements(node):
            return self.defined(node, tag, name, place)
        html = self._first([path_of("html", str(node.get("url_name")), ".html")]) if tag == "html" else None
        if html:
            self.warn(f"{path_of(tag, name)} is missing; the text of {html} is used", place.file, line_of(node))
            return Block(tag, name, {"data": self._text(html)})
        if tag in CONTAINERS | LEAVES or tag == "error":
            raise Missing(f"{path_of(tag, name)} is missing", "")
        return self._raw(node, tag, name, place)

    def defined(self, node: Node, tag: str, name: str, place: Place) -> Block:
        """The block `tag`/`name` whose definition is `node`."""
        node = self._follow_filename(node, tag, place)
        if "}" in str(node.tag):
            raise Missing("an element with a namespace is not a block", serialise(node))
        if tag == "error":
            raise Missing("it was already broken when the course was exported", serialise(node))
        if node.tag != tag and tag_of(node) != tag:
            self.warn(f"<{tag}> was expected, not <{node.tag}>; read as <{tag}>", place.file, line_of(node))
        if tag in CONTAINERS:
            return self.container(node, tag, name, place)
        if tag in LEAVES:
            return self._leaf(node, tag, name, place)
        return self._raw(node, tag, name, place)

    def _follow_filename(self, node: Node, tag: str, place: Place) -> Node:
        """The older way to point: `<problem filename="x" .../>` is problem/x.xml with these attributes added."""
        filename = node.get("filename")
        if not filename or tag == "html" or elements(node) or has_text(node):
            return node
        path = self._first([f"{tag}/{filename}.xml", f"{tag}/{filename}", f"{filename}.xml"])
        if path is None or path == place.file:
            if tag in ("problem", "chapter", "sequential", "vertical") and path is None:
                raise Missing(f"{tag}/{filename}.xml is missing", serialise(node))
            return node
        with self.reading(path, node, place):
            definition = self.parse(path)
        for key, text in node.attrib.items():
            definition.set(key, text)
        del definition.attrib["filename"]
        return definition

    def container(self, node: Node, tag: str, name: str, place: Place) -> Block:
        """A container: its attributes as fields, its elements as blocks."""
        odd = self._odd(node, place)
        below = Place(place.file, place.depth + 1)
        fields, inner = read_container(node, tag, odd)
        self._apply_policy(tag, name, fields)
        return Block(tag, name, fields, tuple(self.child(child, below) for child in inner))

    def _odd(self, node: Node, place: Place) -> Callable[[str], None]:
        return lambda message: self.warn(message, place.file, line_of(node))

    def _apply_policy(self, tag: str, name: str, fields: Fields) -> None:
        key = f"{tag}/{name}"
        if self.prefix or key not in self.policy:
            return
        left = apply_policy(tag, fields, self.policy.pop(key))
        if left is not None:
            self.policy[key] = left

    def _leaf(self, node: Node, tag: str, name: str, place: Place) -> Block:
        odd = self._odd(node, place)
        if tag == "html":
            fields = self._html(node, name, place)
        else:
            fields = {"problem": read_problem, "video": read_video, "discussion": read_discussion}[tag](node, odd)
        self._apply_policy(tag, name, fields)
        return Block(tag, name, fields)

    def _html(self, node: Node, name: str, place: Place) -> Fields:
        contents = serialise(node)
        fields = read_attributes(node, "html", self._odd(node, place))
        take_asides(node, fields)
        filename = node.get("filename")
        if not filename:
            return {**fields, "data": body(node)}
        folders = dict.fromkeys((dirname(path_of("html", name)), "html"))
        tried = [f"{folder}/{filename}{ending}" for folder in folders for ending in (".html", "")]
        path = self._first([*tried, f"html/{filename}.xml", f"{filename}.html"])
        if path is not None and path != place.file:
            return {**fields, "data": self._text(path)}
        if elements(node) or has_text(node):
            self.warn(f"{tried[0]} is missing; the text in place is used", place.file, line_of(node))
            return {**fields, "data": body(node)}
        raise Missing(f"{tried[0]} is missing", contents)

    def _text(self, path: str) -> str:
        return decode(self.folder.read(path), path)

    def _raw(self, node: Node, tag: str, name: str, place: Place) -> Block:
        below = Place(place.file, place.depth + 1)
        children: list[Block] = []
        for child in [child for child in elements(node) if self._is_block(child, tag)]:
            children.append(self.child(child, below))
            remove(child)
        return Block(tag, name, read_raw(node, tag, self._odd(node, place)), tuple(children))

    def _is_block(self, child: Node, parent: str) -> bool:
        if is_option(child) or is_aside(child) or "}" in str(child.tag):
            return False
        if self.vocabulary.is_container(parent):
            return True
        return is_pointer(child) and self.find(str(child.tag), str(child.get("url_name"))) is not None

    def _error(self, tag: str, name: str, contents: str, message: str) -> Block:
        if tag != "error":
            name = self.names.claim("error", name, f"{tag}_{name}")
        return Block("error", name, {"tag": tag, "contents": contents, "error": message})
