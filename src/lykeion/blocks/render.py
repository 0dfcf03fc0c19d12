"""Blocks of a page as values: from the cache of immutable ones, else through the runtime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.templatetags.static import static
from web_fragments.fragment import Fragment

from lykeion.blocks.fragments import has_mathematics, has_script, immutable, resources_of
from lykeion.blocks.libraries import with_libraries
from lykeion.blocks.links import with_addresses
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import Rendered
from lykeion.content.types import OutlineBlock
from lykeion.core.keys import usage_text

Key = tuple[str, ...]


def render_many(
    runtime: BlockRuntime, refs: Iterable[str], view: str, context: Mapping[str, Any] | None
) -> dict[str, Rendered]:
    """``view`` of each of ``refs``. What is not in the cache is loaded in one go."""
    blocks = [runtime.places.outlined(ref) for ref in refs]
    known = {block.ref: _cached(runtime, block, view) for block in blocks}
    runtime.prefetch(ref for ref, rendered in known.items() if rendered is None)
    return {ref: rendered or _render(runtime, ref, view, context) for ref, rendered in known.items()}


def _render(runtime: BlockRuntime, ref: str, view: str, context: Mapping[str, Any] | None) -> Rendered:
    runtime.wrapping.scripted = runtime.failed = False
    block = runtime.block(ref)
    rendered = _value(runtime, runtime.render(block, view, dict(context or {})))
    outlined = block.scope_ids.place.outline
    if not runtime.failed and _is_immutable(runtime, outlined, view) and not getattr(block, "personal", False):
        immutable.put(_key(runtime, outlined, view, with_files="/static/" in str(block.scope_ids.place.own)), rendered)
    return rendered


def _value(runtime: BlockRuntime, fragment: Fragment) -> Rendered:
    html = with_addresses(fragment.content, runtime.visit.urls)
    resources, scripted = resources_of(fragment), has_script(html)
    legacy = runtime.wrapping.scripted or bool(resources) or scripted
    if legacy:
        resources = with_libraries(resources, html if scripted else "", runtime.read_script, static)
    return Rendered(html, resources, legacy, has_mathematics(html))


def _cached(runtime: BlockRuntime, block: OutlineBlock, view: str) -> Rendered | None:
    if not _is_immutable(runtime, block, view):
        return None
    key = _key(runtime, block, view, with_files=False)
    return immutable.get(key) or immutable.get(_key(runtime, block, view, with_files=True))


def _is_immutable(runtime: BlockRuntime, block: OutlineBlock, view: str) -> bool:
    cls = runtime.load_block_type(block.type)
    return view in getattr(cls, "immutable_views", ()) and not runtime.types.asides


def _key(runtime: BlockRuntime, block: OutlineBlock, view: str, *, with_files: bool) -> Key:
    """Everything that the HTML depends on. Addresses of course files change with the root, all others do not."""
    visit = runtime.visit
    return (
        block.object_id,
        usage_text(runtime.course_id, block.ref),
        view,
        visit.viewer.language,
        visit.urls.course(""),
        "graded" if block.settings.get("graded") else "",
        visit.outline.root if with_files else "",
    )
