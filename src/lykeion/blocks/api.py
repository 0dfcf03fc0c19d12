"""The door of ``blocks``: showing blocks, calling them, their files, what is known of them without a learner.

``licences`` and ``transcripts`` are what an editor of videos needs of the player: pure functions over values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from webob import Request, Response

from lykeion.blocks import authored as _authored
from lykeion.blocks import handlers, registry, services
from lykeion.blocks.asidefields import asides_of, with_asides
from lykeion.blocks.authored import Authored, author_view, has_editor, limits_nested, read_field, written
from lykeion.blocks.builtin.video import licences, transcripts
from lykeion.blocks.builtin.video.checking import Unreadable, read_checked
from lykeion.blocks.builtin.video.page import YOUTUBE_ID
from lykeion.blocks.facts import facts
from lykeion.blocks.fragments import merged
from lykeion.blocks.handlers import ref_named
from lykeion.blocks.links import with_addresses
from lykeion.blocks.render import render_many
from lykeion.blocks.resources import NoSuchResource, content_type, resource
from lykeion.blocks.rewriting import kept_as_xml, values_of, with_values
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.tags import placed_html, resource_html
from lykeion.blocks.types import FieldFacts, Nested, Rendered, ReplyTaken, Visit
from lykeion.blocks.viewdata import is_for_small_screens
from lykeion.blocks.viewdata import view_data as _view_data
from lykeion.blocks.vocabulary import InstalledVocabulary, chooses, is_container
from lykeion.content.types import Json

__all__ = [
    "YOUTUBE_ID",
    "Authored",
    "InstalledVocabulary",
    "NoSuchResource",
    "Unreadable",
    "asides_of",
    "author_view",
    "build",
    "chooses",
    "content_type",
    "default_name",
    "facts",
    "form_fields",
    "grader_reply",
    "handle",
    "has_editor",
    "has_tables",
    "installed_types",
    "is_container",
    "kept_as_xml",
    "kept_file",
    "licences",
    "limits_nested",
    "merged",
    "messages",
    "nested",
    "placed_html",
    "read_checked",
    "read_field",
    "ref_named",
    "render",
    "render_unit_blocks",
    "resource",
    "resource_html",
    "transcripts",
    "values_of",
    "view_data",
    "with_addresses",
    "with_asides",
    "with_values",
    "written",
]


def render(
    visit: Visit,
    ref: str,
    view: str = "student_view",
    context: Mapping[str, Any] | None = None,
    authored: Authored | None = None,
) -> Rendered:
    """``view`` of the block ``ref``: its HTML in its wrapper, and what it needs on the page.

    With ``authored`` (a dict, empty at first) blocks may write to their content and settings: :func:`written` tells.

    A block that fails is shown as a box that says so. What the block stored while it was shown is in ``visit.state``.
    Raises :class:`NoSuchBlock` when the run has no such block for the viewer.
    """
    return render_many(BlockRuntime(visit, authored=authored), [ref], view, context)[ref]


def render_unit_blocks(
    visit: Visit, refs: Iterable[str], view: str = "student_view", context: Mapping[str, Any] | None = None
) -> dict[str, Rendered]:
    """As :func:`render` for several blocks of one page, with their objects and states loaded in one go each."""
    return render_many(BlockRuntime(visit), refs, view, context)


def view_data(visit: Visit, refs: Iterable[str], kinds: Iterable[str]) -> tuple[dict[str, Json], dict[str, bool]]:
    """What blocks tell apps that show them in their own way (``student_view_data``), by ref: of those of ``refs`` that
    have it, None where it fails; and for each of the types ``kinds`` whether its pages are fit for phones.

    Raises :class:`NoSuchBlock` when the run has no such block for the viewer.
    """
    runtime = BlockRuntime(visit)
    return _view_data(runtime, refs), {kind: is_for_small_screens(runtime, kind) for kind in kinds}


def kept_file(name: str, path: str) -> Path | None:
    """The file ``path`` of the folder ``name`` that a block's field of type ``Filesystem`` has; None for none."""
    return None if services.site.folders is None else services.site.folders.file(name, path)


def build(visit: Visit, ref: str) -> Any:
    """The block ``ref`` itself, an XBlock, for code of others that works with blocks outside of any page.

    Raises :class:`NoSuchBlock`.
    """
    return BlockRuntime(visit).block(ref)


def has_tables(block_type: str) -> bool:
    """Whether blocks of this type keep learners' work in tables of their own, beside what they write through us."""
    return bool(services.site.with_tables) and registry.installed.package(block_type) in services.site.with_tables


def handle(
    visit: Visit,
    usage: str,
    handler: str,
    suffix: str,
    request: Request,
    *,
    noauth: bool = False,
    authored: Authored | None = None,
) -> Response:
    """What the handler of a block (ref or usage key) or aside (its key) answers. With ``noauth`` the caller is a
    third party: the visit's viewer must be nobody, and our own blocks have no handlers for it but those they name in
    ``third_party_handlers``. ``authored`` is as for :func:`render`.

    404 when there is no such handler. Raises :class:`NoSuchBlock`; raises :class:`HandlerFailed` when the block
    fails and :class:`HandlerRefused` when it says no, and then the host must drop what was written to ``visit.state``
    and ``visit.sink``.
    """
    if noauth and visit.viewer.user_id is not None:
        raise ValueError("third parties call handlers as nobody: give a visit whose viewer has no user_id")
    runtime = BlockRuntime(visit, authored=authored)
    return handlers.call(runtime, usage, handler, suffix, request, third_party=noauth)


def form_fields(visit: Visit, ref: str) -> list[FieldFacts]:
    """The fields of block ``ref`` that its author may set. Raises :class:`NoSuchBlock`."""
    return _authored.form_fields(BlockRuntime(visit, authored={}), ref)


def nested(visit: Visit, ref: str) -> tuple[Nested, ...] | None:
    """What may be put into block ``ref``, as its package says; None when it lets anything in. Raises
    :class:`NoSuchBlock`, and :class:`BlockProblem` when the package cannot tell."""
    return _authored.nested(BlockRuntime(visit), ref)


def messages(visit: Visit, ref: str) -> list[tuple[str, str]]:
    """What a block of another package finds wrong with how it is set up: (warning or error, words)."""
    return _authored.messages(BlockRuntime(visit, authored={}), ref)


def grader_reply(visit: Visit, usage: str, dispatch: str, key: str, body: str) -> ReplyTaken:
    """Hands the reply of a grader elsewhere to the block whose learner waits for it, with the ``key`` it carries.

    Raises :class:`NoSuchBlock`, and :class:`HandlerFailed` as :func:`handle` does.
    """
    return handlers.grader_reply(BlockRuntime(visit), usage, dispatch, key, body)


def installed_types() -> frozenset[str]:
    """Every type of block that is installed, whether or not it works. Loads none."""
    tags = registry.installed.tags()
    return frozenset(tag.removeprefix("_").removesuffix("_extracted") if tag.startswith("_") else tag for tag in tags)


def default_name(kind: str) -> str:
    """What a new block of this type is called. Raises :class:`BlockProblem` when there is no class that works."""
    field = registry.installed.block_class(kind).fields.get("display_name")
    default = None if field is None else field.default
    return str(default) if isinstance(default, str) and default else kind.replace("_", " ").capitalize()
