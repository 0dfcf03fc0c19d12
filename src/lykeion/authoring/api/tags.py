"""Tags of blocks, and the taxonomies that they are from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from lykeion.accounts.types import Person
from lykeion.authoring import taxonomy_files
from lykeion.authoring.api.courses import may_create, require
from lykeion.authoring.models import Taxonomy as TaxonomyRow
from lykeion.authoring.types import Author, AuthoringError, Capability, NotAllowed
from lykeion.content import api as content
from lykeion.content.api import TAGS, Draft, tags_in
from lykeion.content.types import ContentError, ObjectId

__all__ = ["Taxonomy", "as_file", "make", "replace", "switch", "tag", "tags_of", "taxonomies", "taxonomy", "used"]


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """A vocabulary of tags; ``tags`` are (value, value of its parent or "") in order, none when it is ``free``."""

    id: int
    name: str
    name_in_files: str
    org: str
    free: bool
    enabled: bool
    tags: tuple[tuple[str, str], ...]


def taxonomies(org: str | None = None, *, enabled: bool = True) -> list[Taxonomy]:
    """The taxonomies for courses of ``org`` (None: all there are), by name. One query."""
    rows = TaxonomyRow.objects.order_by("name")
    if org is not None:
        rows = rows.filter(org__in=["", org])
    return [_value(row) for row in rows if row.enabled or not enabled]


def taxonomy(number: int) -> Taxonomy:
    """One taxonomy. Raises :class:`ContentError` when there is none."""
    return _value(_row(number))


def make(person: Person, *, name: str, org: str, free: bool, file: str = "") -> Taxonomy:
    """A new taxonomy, with the tags of ``file`` (CSV or JSON) unless it is ``free``.

    Raises :class:`NotAllowed`, :class:`AuthoringError` for a name or a file that will not do.
    """
    _check(person, org)
    if not name.strip():
        raise AuthoringError(_("Give the taxonomy a name."))
    pairs = [] if free else taxonomy_files.read(file)
    base = slugify(name, allow_unicode=True)[:80] or "tags"
    taken = set(TaxonomyRow.objects.filter(name_in_files__startswith=base).values_list("name_in_files", flat=True))
    in_files = next(one for one in chain([base], (f"{base}-{n}" for n in count(2))) if one not in taken)
    try:
        with transaction.atomic():
            row = TaxonomyRow.objects.create(name=name.strip(), name_in_files=in_files, org=org, free=free, tags=pairs)
    except IntegrityError as error:
        raise AuthoringError(_("Somebody made a taxonomy of that name just now. Try again.")) from error
    return _value(row)


def replace(person: Person, number: int, file: str) -> Taxonomy:
    """Gives a taxonomy the tags of ``file``. Tags of blocks stay, also those that it no longer has."""
    row = _row(number)
    _check(person, row.org)
    if row.free:
        raise AuthoringError(_("Authors write the tags of this taxonomy as they like; there is no list to replace."))
    row.tags = taxonomy_files.read(file)
    row.save(update_fields=["tags"])
    return _value(row)


def switch(person: Person, number: int, *, enabled: bool) -> Taxonomy:
    """Offers a taxonomy to authors, or no more. Tags of blocks stay as they are."""
    row = _row(number)
    _check(person, row.org)
    row.enabled = enabled
    row.save(update_fields=["enabled"])
    return _value(row)


def as_file(number: int, form: str) -> str:
    """The tags of a taxonomy as ``csv`` or ``json``."""
    found = taxonomy(number)
    if form == "json":
        return taxonomy_files.as_json(found.name, found.tags)
    return taxonomy_files.as_csv(found.tags)


def tags_of(author: Author, ref: str) -> dict[str, list[str]]:
    """The tags of a block by the ``name_in_files`` of their taxonomy. Raises :class:`ContentError`."""
    object_id = content.way(author.root, ref)[-1].object_id
    return tags_in(content.nodes([object_id])[object_id].fields)


def tag(author: Author, ref: str, name: str, values: Sequence[str], *, base: ObjectId | None, at: datetime) -> None:
    """Gives a block the tags ``values`` of the taxonomy ``name`` instead of those it has of it.

    Raises :class:`AuthoringError` for a tag that the taxonomy does not have.
    """
    require(author, Capability.EDIT)
    found = next((one for one in taxonomies(str(author.run.org)) if one.name_in_files == name), None)
    if found is None:
        raise AuthoringError(_("There is no taxonomy {name} for this course.").format(name=name))
    chosen = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    _check_values(found, chosen, tags_of(author, ref).get(name, []))

    def change(draft: Draft) -> None:
        tags = {**tags_in(draft.node(ref).fields), name: chosen}
        kept = {one: them for one, them in tags.items() if them}
        draft.update(ref, {TAGS: kept} if kept else {}, unset=() if kept else [TAGS], base=base)

    content.edit(author.run, change, author=author.person.username, at=at, why=f"Tagged: {ref}")


def used(author: Author) -> dict[str, dict[str, list[str]]]:
    """Every tag of the course with the refs of its blocks: taxonomy -> value -> refs. Reads the whole course."""
    found: dict[str, dict[str, list[str]]] = {}
    for ref, node in content.blocks(author.root):
        for name, values in tags_in(node.fields).items():
            for value in values:
                found.setdefault(name, {}).setdefault(value, []).append(ref)
    return found


def _check_values(found: Taxonomy, chosen: list[str], present: list[str]) -> None:
    known = {value for value, _parent in found.tags} | set(present)
    for value in chosen:
        if ";" in value or len(value) > taxonomy_files.LONGEST:
            words = _("A tag has at most {most} letters and no “;”: “{value}”.")
            raise AuthoringError(words.format(most=taxonomy_files.LONGEST, value=value[:80]))
        if not found.free and value not in known:
            raise AuthoringError(_("{name} has no tag “{value}”.").format(name=found.name, value=value))


def _check(person: Person, org: str) -> None:
    if not (person.is_staff or (org and may_create(person, org))):
        raise NotAllowed(_("Only those who may make courses in an organisation may change its taxonomies."))


def _row(number: int) -> TaxonomyRow:
    row = TaxonomyRow.objects.filter(pk=number).first()
    if row is None:
        raise ContentError(_("There is no such taxonomy."))
    return row


def _value(row: TaxonomyRow) -> Taxonomy:
    tags = tuple((str(value), str(parent)) for value, parent in row.tags)
    return Taxonomy(row.pk, row.name, row.name_in_files, row.org, row.free, row.enabled, tags)
