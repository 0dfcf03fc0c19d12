"""Blocks at work for their authors: what they write, what a form of their fields shows, what they find wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any, Final

from django.utils.translation import gettext
from xblock.core import XBlock, XBlockAside
from xblock.fields import (
    UNIQUE_ID,
    Boolean,
    Date,
    DateTime,
    Dict,
    Field,
    Float,
    Integer,
    List,
    RelativeTime,
    Scope,
    String,
    Timedelta,
)

from lykeion.blocks import registry
from lykeion.blocks.fields import GONE, Values
from lykeion.blocks.guarding import guarded, is_foreign
from lykeion.blocks.inherited import CourseBlock
from lykeion.blocks.plain import plain
from lykeion.blocks.runtime import BlockRuntime
from lykeion.blocks.types import AsideWritten, BlockProblem, FieldFacts, Nested, StateKey, Written
from lykeion.content.types import LINKS, Json
from lykeion.core.keys import parse_usage, ref_of

Authored = dict[StateKey, Values]

_KINDS: Final[tuple[tuple[type[Field], str], ...]] = (
    (Boolean, "boolean"),
    (Integer, "integer"),
    (Float, "float"),
    (Date, "date"),
    (DateTime, "date"),
    (RelativeTime, "string"),
    (Timedelta, "string"),
    (String, "string"),
    (List, "list"),
    (Dict, "dict"),
)
_AUTHORED: Final = (Scope.settings, Scope.content)
_ONE_LINE: Final = 80
_OURS: Final = frozenset({"data", "xml", "xml_asides", "xml_children", "xml_attributes", "tags", "name", "parent"})
_PICKED: Final = frozenset({"group_access", "visible_to_staff_only", "user_partitions", "display_name"})
"""What pages of Studio have a place of its own for."""


def written(authored: Authored) -> dict[str, Written]:
    """What blocks wrote, by ref. What is not of one block (of a type, of everything) is shared by all courses, so it is
    not kept: no draft could hold it."""
    documents = [(key, document) for key, document in authored.items() if document]
    asides = _of_asides(documents)
    found: dict[str, tuple[Values, tuple[str, ...] | None]] = {ref: ({}, None) for ref in asides}
    for key, document in documents:
        if key.family != XBlock.entry_point or key.kind not in {"usage", "definition", "children"}:
            continue
        values, children = found.get(key.name, ({}, None))
        if key.kind == "children":
            children = tuple(ref_of(parse_usage(str(one))) for one in document.get("children", ()))
        else:
            values |= document
        found[key.name] = (values, children)
    return {ref: Written(*_parted(values), children, asides.get(ref, {})) for ref, (values, children) in found.items()}


def _of_asides(documents: Iterable[tuple[StateKey, Values]]) -> dict[str, dict[str, AsideWritten]]:
    """What asides wrote: by the ref of the block that they stand beside, then by their type."""
    found: dict[str, dict[str, Values]] = {}
    for key, document in documents:
        if key.family == XBlockAside.entry_point and key.kind in {"usage", "definition"}:
            kind, _colon, ref = key.name.partition(":")
            values = found.setdefault(ref, {}).setdefault(kind, {})
            values |= document
    return {ref: {kind: AsideWritten(*_parted(one)) for kind, one in asides.items()} for ref, asides in found.items()}


def _parted(document: Values) -> tuple[Values, tuple[str, ...]]:
    """What was set, and the names of what was forgotten."""
    values = {name: value for name, value in document.items() if value is not GONE}
    return values, tuple(name for name in document if name not in values)


def author_view(kind: str) -> str:
    """The view of blocks of this type that a page of Studio shows: ``author_view`` where others' classes have one."""
    cls = _foreign_class(kind)
    return "author_view" if hasattr(cls, "author_view") else "student_view"


def has_editor(kind: str) -> bool:
    """Whether blocks of this type bring an editor of their own."""
    cls = _foreign_class(kind)
    return hasattr(cls, "studio_view") or hasattr(cls, "fallback_view")


def _foreign_class(kind: str) -> Any:
    try:
        cls = registry.installed.block_class(kind)
    except BlockProblem:
        return None
    return cls if is_foreign(cls) else None


def limits_nested(kind: str) -> bool:
    """Whether blocks of this type say which ones may be put into them (``allowed_nested_blocks``)."""
    return hasattr(_foreign_class(kind), "allowed_nested_blocks")


def nested(runtime: BlockRuntime, ref: str) -> tuple[Nested, ...] | None:
    """What may be put into a block of others, as it says itself; None when it lets anything in.

    Raises :class:`NoSuchBlock`, and :class:`BlockProblem` when it cannot tell.
    """
    block = runtime.block(ref)
    if block.scope_ids.place.problem is not None or not limits_nested(block.scope_ids.block_type):
        return None
    try:
        listed = guarded(
            runtime.visit, type(block), f"allowed_nested_blocks of {ref}", lambda: block.allowed_nested_blocks
        )
        return None if listed is None else tuple(_nested(one) for one in listed)
    except Exception as error:
        words = gettext("What may be put into this part cannot be found out: its package fails.")
        raise BlockProblem(words, f"allowed_nested_blocks: {type(error).__name__}: {error}") from error


def _nested(one: Any) -> Nested:
    """One entry: a name, a class, or a ``NestedXBlockSpec`` (xblock/utils/studio_editable.py)."""
    if isinstance(one, str):
        return Nested(one)
    kind = str(one.category if hasattr(one, "category") else one.CATEGORY)
    refused = ""
    if getattr(one, "disabled", False):
        refused = str(getattr(one, "disabled_reason", None) or gettext("It cannot be added here now."))
    return Nested(kind, refused, bool(getattr(one, "single_instance", False)))


def messages(runtime: BlockRuntime, ref: str) -> list[tuple[str, str]]:
    """What the block's own ``validate()`` says: (warning or error, words). Raises :class:`NoSuchBlock`."""
    block = runtime.block(ref)
    if not is_foreign(type(block)) or block.scope_ids.place.problem is not None:
        return []
    try:
        validation = guarded(runtime.visit, type(block), f"validate of {ref}", block.validate)
    except Exception as error:  # noqa: BLE001  code of others may raise anything; the page tells
        return [("error", f"{type(error).__name__}: {error}")]
    found = [*getattr(validation, "messages", ())]
    summary = getattr(validation, "summary", None)
    return [(str(getattr(one, "type", "warning")), str(one.text)) for one in ([summary] if summary else []) + found]


def form_fields(runtime: BlockRuntime, ref: str) -> list[FieldFacts]:
    """The fields of a block that its author may set, as a form shows them: those of its own class first, in the order
    in which the class names them. Raises :class:`NoSuchBlock`."""
    block = runtime.block(ref)
    if block.scope_ids.place.problem is not None:
        return []
    hidden = {field.name for field in _not_for_forms(block)} | _OURS | _PICKED | LINKS
    cls = type(block)
    own = getattr(cls, "unmixed_class", cls).fields
    fields = [cls.fields[name] for name in cls.fields if name in own and name not in hidden]
    return [_facts(block, field) for field in fields if field.scope in _AUTHORED]


def _not_for_forms(block: Any) -> Iterable[Field]:
    found = getattr(block, "non_editable_metadata_fields", ())
    return [field for field in found if isinstance(field, Field)]


def _facts(block: Any, field: Field) -> FieldFacts:
    kind = next((kind for cls, kind in _KINDS if isinstance(field, cls)), "json")
    choices = _choices(field)
    if choices and kind in {"string", "integer", "float"}:
        kind = "choice"
    value, default = _json(field, field.read_from(block)), _json(field, field.default)
    named = field.display_name if field.display_name != field.name else field.name.replace("_", " ").capitalize()
    words, help_text = (gettext(str(text)) if text else "" for text in (named, field.help))
    is_long = kind == "string" and (bool(getattr(field, "multiline_editor", False)) or _is_long(value))
    return FieldFacts(field.name, words, help_text, kind, value, default, field.is_set_on(block), choices, is_long)


def _is_long(value: Json) -> bool:
    return len(str(value or "")) > _ONE_LINE or "\n" in str(value or "")


def _json(field: Field, value: Any) -> Json:
    if value is UNIQUE_ID:
        return None
    return _in_units(value) if isinstance(field, Timedelta) and value else plain(field.to_json(value))


def _in_units(span: timedelta) -> str:
    """``span`` as courses write it: 2 days 3 hours."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = {"day": days, "hour": hours, "minute": minutes, "second": seconds}
    return " ".join(f"{count} {name}{'s' if count > 1 else ''}" for name, count in units.items() if count)


def _choices(field: Field) -> tuple[tuple[Json, str], ...]:
    if not isinstance(field.values, list | tuple):
        return ()
    pairs = [
        (one["value"], one.get("display_name")) if isinstance(one, Mapping) else (one, one) for one in field.values
    ]
    return tuple((plain(value), gettext(str(value if words is None else words) or "—")) for value, words in pairs)


def read_field(kind: str, name: str, text: str) -> Json:
    """What the field ``name`` of blocks of type ``kind`` keeps for ``text`` as a form sends it.

    Raises :class:`ValueError` or :class:`TypeError` with what the field says is wrong.
    """
    field: Field = _class_fields(kind)[name]
    if isinstance(field, Boolean):
        return text == "true"
    if isinstance(field, String):
        return text
    if not text.strip():
        return None
    if isinstance(field, RelativeTime | Timedelta):
        return _span(field, text.strip())
    return plain(field.to_json(field.enforce_type(field.from_string(text))))


def _span(field: Field, text: str) -> Json:
    """A time as it is written; ``from_string`` would read it as YAML, which knows other times."""
    span = field.from_json(text)
    if isinstance(field, Timedelta) and not span:
        raise ValueError(gettext("write it like “2 days 3 hours 30 minutes”"))
    return _json(field, span)


def _class_fields(kind: str) -> Mapping[str, Field]:
    fields: Mapping[str, Field] = {**CourseBlock.fields, **registry.installed.block_class(kind).fields}
    return fields
