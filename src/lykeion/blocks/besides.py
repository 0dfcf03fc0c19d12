"""Asides: what stands beside blocks. One that fails has a box of its own, and the block beside it is none the worse."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from web_fragments.fragment import Fragment
from xblock.core import XBlockAside

from lykeion.blocks import parse
from lykeion.blocks.broken import took_too_long
from lykeion.blocks.fields import Place
from lykeion.blocks.guarding import TookTooLong, checked_fragment
from lykeion.blocks.ids import Keys
from lykeion.blocks.plain import plain
from lykeion.content.types import Json


def aside_place(runtime: Any, beside: Place, aside_type: str) -> Place:
    """Where the aside of ``aside_type`` beside the block of ``beside`` is, with what the author wrote for it."""
    _definition, usage = runtime.id_generator.create_aside(beside.usage, beside.usage, aside_type)
    own = _authored(runtime, beside).get(aside_type, {})
    return Place(beside.ref, XBlockAside.entry_point, aside_type, usage, beside.outline, own, {}, [], None, {})


def built(runtime: Any, place: Place) -> Any:
    """The aside of ``place``. Raises whatever its class does."""
    beside = runtime.id_reader.get_usage_id_from_aside(place.usage)
    definition, usage = runtime.id_generator.create_aside(beside, beside, place.type)
    keys = Keys(runtime.user_id, place.type, definition, usage)
    keys.place = place
    return runtime.load_aside_type(place.type)(runtime=runtime, scope_ids=keys)


def shown(runtime: Any, place: Place, block: Any, view: str, context: Any) -> Fragment | None:
    """What the aside of ``place`` shows beside ``view`` of ``block``, in its wrapper; None when it has nothing to."""
    if place.type in runtime.slow:
        raise TookTooLong(took_too_long(), "Another aside of this type took too long on this page.")
    aside = built(runtime, place)
    show = aside.aside_view_declaration(view) if aside.should_apply_to_block(block) else None
    if show is None:
        return None
    fragment = show(block, context)
    checked_fragment(type(aside), view, fragment)
    wrapped: Fragment = runtime.wrap_aside(block, aside, view, fragment, context)
    aside.save()
    return wrapped


def told_of(runtime: Any, place: Place, block: Any, name: str, data: Any) -> Json:
    """What the aside of ``place`` adds to the context of an event of ``block``; None when it has nothing to say.

    Source: ``publish`` in ``lms/djangoapps/courseware/block_render.py`` of Open edX.
    """
    aside = built(runtime, place)
    return plain(aside.get_event_context(name, data)) if aside.should_apply_to_block(block) else None


def _authored(runtime: Any, beside: Place) -> Mapping[str, Mapping[str, Json]]:
    node = runtime.places.node(beside.outline.object_id)
    if "xml_asides" in node.fields:
        return parse.asides_of(node.fields["xml_asides"], runtime.course_id, runtime.types)
    if "xml" in node.fields and "xblock-family" in node.fields["xml"]:
        return runtime.parsed(beside).asides  # type: ignore[no-any-return]
    return {}
