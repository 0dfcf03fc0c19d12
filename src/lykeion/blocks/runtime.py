"""The host of XBlocks: one runtime for one visit, over the tree of a course and a store of learners' fields."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from typing import IO, Any, TypeVar

from lxml import etree
from opaque_keys.edx.asides import AsideUsageKeyV2
from opaque_keys.edx.keys import UsageKey
from web_fragments.fragment import Fragment
from xblock.core import XML_NAMESPACES, XBlock, XBlockAside
from xblock.exceptions import NoSuchServiceError, NoSuchUsage, NoSuchViewError
from xblock.runtime import Runtime

from lykeion.blocks import parse, publishing, registry, remembered
from lykeion.blocks.besides import aside_place, built, shown, told_of
from lykeion.blocks.broken import broken_html, cannot_show, log_in_first, notice_html, took_too_long
from lykeion.blocks.fields import CourseFields, Documents, Place, Values, documents_of, slots
from lykeion.blocks.fragments import resources_of
from lykeion.blocks.framing import frame_html, framed
from lykeion.blocks.guarding import TookTooLong, checked_fragment, guarded, is_foreign
from lykeion.blocks.ids import BlockIds, Keys
from lykeion.blocks.inherited import CourseBlock
from lykeion.blocks.links import with_addresses
from lykeion.blocks.mixing import mixologist
from lykeion.blocks.oldnames import OldNames
from lykeion.blocks.places import Places
from lykeion.blocks.registry import BrokenType, UnknownType
from lykeion.blocks.resources import script_at
from lykeion.blocks.services import PROVIDERS, site
from lykeion.blocks.standins import BrokenBlock, StandIn, UnsupportedBlock
from lykeion.blocks.types import BlockProblem, NoSuchBlock, StateKey, Visit
from lykeion.blocks.wrapping import Wrapping
from lykeion.capa.types import ScriptRunner
from lykeion.content.types import Json, OutlineBlock
from lykeion.core.keys import ref_of

log = logging.getLogger(__name__)
T = TypeVar("T")

BLOCK, ASIDE = XBlock.entry_point, XBlockAside.entry_point
WITHOUT_ASIDES = frozenset({"course", "about", "course_info", "static_tab", "error"})


class BlockRuntime(OldNames, Runtime):  # type: ignore[misc]
    """Builds, shows and calls blocks for ``visit``.

    Blocks that cannot be built or shown become boxes that say so; nothing a block does breaks the blocks around it.
    ``authored`` (Studio) takes what blocks write to content and settings; learners' visits refuse such writes.
    """

    user_id: int | None = None  # the library's property warns at each use

    def __init__(
        self,
        visit: Visit,
        *,
        types: registry.Registry | None = None,
        authored: dict[StateKey, Values] | None = None,
    ) -> None:
        self.visit = visit
        self.types = types or registry.installed
        self.course_id = visit.outline.run
        ids = BlockIds(self.course_id)
        super().__init__(ids, ids, mixins=(CourseBlock,))
        self.mixologist = mixologist
        self.user_id = visit.viewer.user_id
        self.fields = CourseFields(Documents(visit.state, visit.viewer.user_id, authored))
        is_visible = visit.services.get("visible", self._not_staff_only)
        self.places = Places(visit.outline, visit.nodes, visit.dues, is_visible)
        self.wrapping = Wrapping(self.course_id, visit.urls)
        self.failed = False
        """Whether something shown so far is a box in the place of a block that failed."""
        self.slow: set[str] = set()
        """Types of blocks that took too long in this visit: no other of them gets a chance to."""
        self._learns = authored is None

    @cached_property
    def script_runner(self) -> ScriptRunner | None:
        """Runs authors' Python, with the modules of this course; None where the site has nothing to run it in."""
        if "script_runner" in self.visit.services:
            return self.visit.services["script_runner"]  # type: ignore[no-any-return]
        return None if site.script_runner is None else site.script_runner(self.visit.outline.root)

    # Finding blocks

    def prefetch(self, refs: Iterable[str]) -> None:
        """Loads all that the blocks of ``refs``, and those below them, are likely to read, in one go each."""
        known = map(self.visit.outline.get, refs)
        tops = [block for block in known if block is not None and self.places.is_visible(block)]
        blocks = [block for top in tops for block in self._shown(top)]
        self.places.fetch(block.object_id for block in blocks)
        keys = {key: None for block in blocks for key in self._likely_keys(block)}
        if keys:
            self.visit.state.prefetch(list(keys))

    def block(self, ref: str) -> Any:
        """The block of ``ref``, built. Raises :class:`NoSuchBlock`; any other trouble shows when it is rendered."""
        return self._build(self.places.at(ref))

    def get_block(self, usage_id: UsageKey, for_parent: Any = None) -> Any:
        """The block of ``usage_id``. Raises :class:`NoSuchUsage` when it is not in the run, or not for the viewer."""
        try:
            if usage_id.context_key != self.course_id:
                raise NoSuchBlock("", "It belongs to another run.")
            return self._build(self.places.at(f"{usage_id.block_type}@{usage_id.block_id}"), for_parent)
        except BlockProblem as problem:
            raise NoSuchUsage(f"{usage_id}: {problem.staff}") from problem

    def block_class(self, block_type: str) -> tuple[Any, BlockProblem | None]:
        """The class for ``block_type``: a stand-in, with what is wrong, when there is none that works."""
        try:
            return self.types.block_class(block_type), None
        except UnknownType as problem:
            return UnsupportedBlock, problem
        except BrokenType as problem:
            return BrokenBlock, problem

    def load_block_type(self, block_type: str) -> Any:
        """The class for ``block_type``, or a stand-in."""
        return self.block_class(block_type)[0]

    def load_aside_type(self, aside_type: str) -> Any:
        """The class for asides of ``aside_type``."""
        return self.types.aside_class(aside_type)

    def _not_staff_only(self, block: OutlineBlock) -> bool:
        return self.visit.viewer.is_staff or not block.settings.get("visible_to_staff_only")

    def _shown(self, block: OutlineBlock) -> Iterator[OutlineBlock]:
        """``block`` and all below it that it is likely to show."""
        yield block
        if block.children and getattr(self.load_block_type(block.type), "shows_children", True):
            for child in self.places.children(block):
                yield from self._shown(child)

    def _likely_keys(self, block: OutlineBlock) -> list[StateKey]:
        wanted = documents_of(self.mixologist.mix(self.block_class(block.type)[0]))
        if not wanted:
            return []
        place = Place(block.ref, BLOCK, block.type, None, block, {}, {}, [], None, {})
        return [place.key(self.user_id, *one) for one in wanted if one[0] == "all" or self.user_id is not None]

    def _build(self, place: Place, for_parent: Any = None) -> Any:
        cls, place.problem = self.block_class(place.type)
        if "xml" in place.own and place.problem is None:
            try:
                read = self.parsed(place).values
                beside = place.own.get(parse.BESIDE)
                place.own = {**read, **beside} if beside else read
            except BlockProblem as problem:
                cls, place.problem = BrokenBlock, problem
        try:
            block = self._guarded(
                cls,
                place,
                "building",
                lambda: self.construct_xblock_from_class(cls, self._keys(place), for_parent=for_parent),
            )
            if self._learns:
                remembered.recall(block)
            return block
        except Exception as error:
            log.exception("%s cannot be built", place.usage)
            place.problem = _as_problem(error)
            return self.construct_xblock_from_class(BrokenBlock, self._keys(place), for_parent=for_parent)

    def parsed(self, place: Place) -> parse.Parsed:
        """What the class of the block of ``place`` reads from its XML. Raises :class:`BlockProblem`."""
        object_id, root = place.outline.object_id, self.visit.outline.root
        read = None if site.read_extra is None else partial(site.read_extra, root)
        cls, xml = self.load_block_type(place.type), self.places.node(object_id).fields["xml"]
        return parse.parsed(object_id, cls, xml, self.course_id, self.types, root, read)

    def _keys(self, place: Place) -> Keys:
        keys = Keys(self.user_id, place.type, place.usage, place.usage)
        keys.place = place
        return keys

    def rebind(self, block: Any, user_id: int) -> None:
        """From here on the visit's learner-side fields are those of ``user_id``; what ``block`` has read is forgotten.

        The viewer stays who they are. What was to be written for nobody is forgotten too.
        """
        self.user_id = self.fields.documents.user_id = user_id
        self.places.forget_documents()
        for name, slot in slots(type(block)).items():
            if slot.user == "one":
                field = block.fields[name]
                field._del_cached_value(block)  # as Open edX does when it binds a block to somebody
                block._dirty_fields.pop(field, None)
        keys = Keys(user_id, *block.scope_ids[1:])
        keys.place = block.scope_ids.place
        block.scope_ids = keys

    # What blocks ask of the platform

    def service(self, block: Any, service_name: str) -> Any:
        """A service that ``block`` declared.

        Raises :class:`NoSuchServiceError` if it did not, or if it needs one that is absent.
        """
        if service_name == "field-data":
            return self.fields
        declaration = block.service_declaration(service_name)
        if declaration is None:
            raise NoSuchServiceError(f"Service {service_name!r} was not requested.")
        found = self._service(block, service_name)
        if found is None and declaration == "need":
            raise NoSuchServiceError(f"Service {service_name!r} is not available.")
        return found

    def _service(self, block: Any, name: str) -> Any:
        if name in self.visit.services:
            return self.visit.services[name]
        provide = PROVIDERS.get(name)
        return None if provide is None else provide(self, block)

    def publish(self, block: Any, event_type: str, event_data: Any) -> None:
        """Tells the host of a grade, a completion or an event. Raises :class:`TypeError` for a wrong value."""

        def beside() -> dict[str, Json]:
            return self._told_beside(block, event_type, event_data)

        publishing.publish(self.visit.sink, block.scope_ids.place.ref, block, event_type, event_data, beside)

    def handler_url(
        self, block: Any, handler_name: str, suffix: str = "", query: str = "", thirdparty: bool = False
    ) -> str:
        """The address of one of the block's handlers; ``thirdparty`` for one that needs no login."""
        usage = str(block.scope_ids.usage_id)
        return self.visit.urls.handler(usage, handler_name, suffix, query, thirdparty=thirdparty)

    def resource_url(self, resource: str) -> str:
        """The address of one of the platform's own static files."""
        return f"/static/{resource}"

    def local_resource_url(self, block: Any, uri: str) -> str:
        """The address of a file in the block's package."""
        return self.visit.urls.resource(block.scope_ids.block_type, uri)

    def read_script(self, url: str) -> str | None:
        """The text of a script that a block brings to the page, if it comes from this site."""
        return script_at(url, self.visit.urls.resource("TYPE", "FILE"))

    def replace_urls(self, text: str, static_replace_only: bool = False) -> str:
        """Authors' short links in ``text`` as addresses of the site."""
        return with_addresses(text, self.visit.urls)

    def export_to_xml(self, block: Any, xmlfile: IO[bytes]) -> None:
        """Writes ``block``, with the blocks and the asides that belong to it, as XML.

        The library's own fails as soon as an aside has something to keep: it appends that to the block.
        """
        root = etree.Element("unknown_root", nsmap=XML_NAMESPACES)
        block.add_xml_to_node(root)
        for aside in self.get_asides(block):
            if aside.needs_serialization():
                aside.add_xml_to_node(etree.SubElement(root, "unknown_root", nsmap=XML_NAMESPACES))
        etree.ElementTree(root).write(xmlfile, xml_declaration=True, pretty_print=True, encoding="utf-8")

    # Showing

    def render(self, block: Any, view_name: str, context: Any = None) -> Fragment:
        """A view of ``block`` with its wrapper and asides; a box that says so when the block fails.

        A block that the operator wants in a frame is shown in one, with all that is in it and beside it.
        """
        foreign = is_foreign(type(block)) and not isinstance(block, StandIn)
        if not self.wrapping.is_in_frame and framed.holds(block.scope_ids.place.type, foreign=foreign):
            return self._framed(block, view_name, context)
        return self._rendered(block, view_name, context)

    def _framed(self, block: Any, view: str, context: Any) -> Fragment:
        with self.wrapping.frame() as handlers:
            inside = self._rendered(block, view, context)
            html = with_addresses(inside.content, self.visit.urls)
            title = block.scope_ids.place.title
            return Fragment(frame_html(title, html, resources_of(inside), handlers))

    def _rendered(self, block: Any, view_name: str, context: Any) -> Fragment:
        cls, place = type(block), block.scope_ids.place
        try:
            if self.slow and place.type in self.slow:
                raise TookTooLong(took_too_long(), "Another part of this type took too long on this page.")
            fragment: Fragment = self._guarded(
                cls, place, view_name, lambda: super(BlockRuntime, self).render(block, view_name, context)
            )
            if self._learns:
                remembered.remember(block)
            return fragment
        except NoSuchViewError as error:
            if view_name == "public_view":
                return self._signin(block, context)
            if self._is_tried(view_name):
                raise
            return self._broken(block, view_name, context, error)
        except Exception as error:  # noqa: BLE001  a block's code may raise anything; the others must not suffer
            return self._broken(block, view_name, context, error)

    def _is_tried(self, view: str) -> bool:
        """Whether the block that is being shown asks for another ``view`` of one in it, and may do without: it is told
        when there is none, as XBlock's own containers expect (``_render_child_fragment`` of xblock/utils)."""
        return self._view_name not in {None, view} and view != "student_view"

    def _guarded(self, cls: Any, place: Place, doing: str, work: Callable[[], T]) -> T:
        """What ``work`` returns; see :func:`guarding.guarded`. What a block wrote in vain is not read again."""
        if not is_foreign(cls):
            return work()
        try:
            return guarded(self.visit, cls, f"{doing} of {place.usage} ({place.type})", work)
        except Exception as error:
            self.fields.documents.forget()
            self.places.forget_documents()
            if isinstance(error, TookTooLong):
                self.slow.add(place.type)
            raise

    def wrap_xblock(self, block: Any, view: str, frag: Fragment, context: Any) -> Fragment:
        """``frag`` in the element that the page's scripts find the block by."""
        checked_fragment(type(block), view, frag)
        return self.wrapping.block(block, view, frag)

    def wrap_aside(self, block: Any, aside: Any, view: str, frag: Fragment, context: Any) -> Fragment:
        """``frag`` in the element that the page's scripts find the aside, and the block it stands beside, by."""
        return self.wrapping.aside(block, aside, view, frag)

    def _broken(self, block: Any, view: str, context: Any, error: Exception) -> Fragment:
        place = block.scope_ids.place
        return self.wrap_xblock(block, view, Fragment(self._box(place.title, place.usage, error)), context)

    def _box(self, title: str, what: object, error: Exception) -> str:
        self.failed = True  # the box is for this viewer: it may tell the reason
        problem = error if isinstance(error, BlockProblem) else None
        if problem is None:
            log.warning("%s cannot be shown", what, exc_info=error)
        message = str(problem) if problem else cannot_show()
        reason = problem.staff if problem else f"{type(error).__name__}: {error}"
        return broken_html(title, message, reason if self.visit.viewer.is_staff else "")

    def _signin(self, block: Any, context: Any) -> Fragment:
        notice = notice_html(block.scope_ids.place.title, log_in_first())
        return self.wrap_xblock(block, "public_view", Fragment(notice), context)

    # Asides

    def applicable_aside_types(self, block: Any) -> list[str]:
        """The types of asides that the site puts beside blocks like this one."""
        return [] if block.scope_ids.block_type in WITHOUT_ASIDES else list(self.types.asides)

    def get_aside_of_type(self, block: Any, aside_type: str) -> Any:
        """The aside of ``aside_type`` beside ``block``."""
        return self._aside(block.scope_ids.place, aside_type)

    def get_aside(self, aside_usage_id: AsideUsageKeyV2) -> Any:
        """The aside of that id. Raises :class:`NoSuchBlock` when its block is not there for the viewer."""
        return self._aside(self.places.at(ref_of(aside_usage_id.usage_key)), aside_usage_id.aside_type)

    def create_aside(self, block_type: str, keys: Keys) -> Any:
        """The aside of ``keys``."""
        return self.load_aside_type(block_type)(runtime=self, scope_ids=keys)

    def render_asides(self, block: Any, view_name: str, frag: Fragment, context: Any) -> Fragment:
        """``frag`` with what stands beside it; a box that says so for an aside that fails."""
        parts = [self._beside(block, kind, view_name, context) for kind in self.applicable_aside_types(block)]
        if not any(parts):
            return frag
        together = Fragment(frag.content)
        together.add_fragment_resources(frag)
        for part in filter(None, parts):
            together.add_content(part.content)
            together.add_fragment_resources(part)
        return together

    def _beside(self, block: Any, kind: str, view: str, context: Any) -> Fragment | None:
        try:
            cls, place = self.load_aside_type(kind), aside_place(self, block.scope_ids.place, kind)
            return self._guarded(cls, place, view, lambda: shown(self, place, block, view, context))
        except Exception as error:  # noqa: BLE001  an aside's code may raise anything; its block must not suffer
            return Fragment(self._box("", f"{kind} beside {block.scope_ids.usage_id}", error))

    def _told_beside(self, block: Any, name: str, data: Any) -> dict[str, Json]:
        """What asides say of an event of ``block``, by type; one that fails says nothing."""
        found: dict[str, Json] = {}
        for kind in self.applicable_aside_types(block):
            cls = self.load_aside_type(kind)
            if not hasattr(cls, "get_event_context"):
                continue
            try:
                place = aside_place(self, block.scope_ids.place, kind)
                told = self._guarded(cls, place, "event", partial(told_of, self, place, block, name, data))
            except Exception:  # an aside's code may raise anything; the event of its block must not suffer
                log.exception("%s beside %s told nothing of the event %s", kind, block.scope_ids.usage_id, name)
                continue
            if told is not None:
                found[kind] = told
        return found

    def _aside(self, beside: Place, aside_type: str) -> Any:
        place = aside_place(self, beside, aside_type)
        return self._guarded(self.load_aside_type(aside_type), place, "building", lambda: built(self, place))


def _as_problem(error: Exception) -> BlockProblem:
    if isinstance(error, BlockProblem):
        return error
    return BlockProblem(cannot_show(), f"{type(error).__name__}: {error}")
