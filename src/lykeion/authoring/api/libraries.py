"""Libraries: items that many courses use. What is in one is edited as what is in a course is (``outline``, ``units``,
``components`` take the author of a library, too); here is what is different about them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal
from uuid import uuid4

from django.utils.text import slugify
from django.utils.translation import gettext as _

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.authoring import access, nesting
from lykeion.authoring.api.courses import enter, may_create, require
from lykeion.authoring.types import Author, AuthoringError, Capability, NotAllowed
from lykeion.content import api as content
from lykeion.content.types import Collection, Comparison, LibraryItem, NewBlock, RunExists, Update
from lykeion.core.keys import BadKey, LibraryLocatorV2, library_of, parse_item, split_ref

__all__ = [
    "TOP",
    "Card",
    "Offer",
    "add",
    "collections",
    "compare",
    "create",
    "decline",
    "gather",
    "items",
    "mine",
    "offers",
    "scatter",
    "unlink",
    "update",
    "updates",
    "use",
]

TOP: Final = "library@library"
CONTAINERS: Final = ("chapter", "sequential", "vertical")
Keep = Literal["mine", "theirs"]
_FITS: Final = {"course": "chapter", "chapter": "sequential", "sequential": "vertical"}


@dataclass(frozen=True, slots=True)
class Card:
    """A library in a list. ``unpublished``: some of its items differ from what courses can use."""

    key: LibraryLocatorV2
    title: str
    unpublished: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """What a course can use of one library at some place: published items of the right kind."""

    library: Card
    items: tuple[LibraryItem, ...]


def mine(person: Person) -> list[Card]:
    """The libraries that ``person`` may open, by title. A few reads, however many there are."""
    drafts, published = content.libraries("draft"), content.libraries()
    keys = _visible(person, list(drafts))
    documents = content.nodes([drafts[key] for key in keys])
    tops = {key: dict(documents[drafts[key]].children)["library"] for key in keys}
    nodes = content.nodes(list(tops.values()))
    titles = {key: str(nodes[tops[key]].fields.get("display_name") or key.slug) for key in keys}
    cards = [Card(key, titles[key], drafts[key] != published.get(key)) for key in keys]
    return sorted(cards, key=lambda card: (card.title.casefold(), str(card.key)))


def create(person: Person, *, org: str, name: str, title: str, description: str, at: datetime) -> LibraryLocatorV2:
    """A new library that ``person`` then administers; ``name`` is what its address ends with (made from the title when
    empty). Raises :class:`AuthoringError` for names that will not do or are taken; :class:`NotAllowed`."""
    if not title.strip():
        raise AuthoringError(_("Give the library a name."))
    if not may_create(person, org):
        raise NotAllowed(_("You may not make libraries in {org}. Ask the operators of this site.").format(org=org))
    try:
        key = library_of(org, name or slugify(title))
        content.create_library(key, title=title.strip(), description=description, author=person.username, at=at)
    except BadKey as error:
        raise AuthoringError(str(error)) from error
    except RunExists as error:
        raise AuthoringError(_("There is a library {key} already. Choose another name.").format(key=key)) from error
    accounts.grant_role(person.id, Role.INSTRUCTOR, org=org, run=str(key))
    return key


def items(author: Author) -> list[LibraryItem]:
    """What stands at the top of the library."""
    return content.items(_library(author))


def add(author: Author, kind: str, title: str, *, at: datetime) -> str:
    """A new, empty unit, subsection or section; its ref. Components are added by ``components.add``."""
    require(author, Capability.EDIT)
    if kind not in CONTAINERS:
        raise AuthoringError(_("Units, subsections and sections are made here."))
    block = NewBlock(kind, uuid4().hex, {"display_name": title})
    who, why = author.person.username, f"Added: {kind}@{block.id}"
    return content.edit(author.run, lambda draft: draft.add(TOP, block), author=who, at=at, why=why).value


def collections(author: Author) -> list[Collection]:
    """The collections of the library, by title."""
    return sorted(content.collections(author.root).values(), key=lambda one: one.title.casefold())


def gather(author: Author, slug: str, *, title: str = "", description: str = "", at: datetime, ref: str = "") -> None:
    """Makes a collection called ``title`` (with ``slug`` empty), or puts item ``ref`` into the one of that ``slug``."""
    require(author, Capability.EDIT)
    if not slug and not title.strip():
        raise AuthoringError(_("Give the collection a name."))

    def change(there: Collection | None) -> Collection:
        if slug:
            found = _existing(there)
        elif there is None:
            found = Collection(name, title.strip(), description)
        else:
            raise AuthoringError(_("There is a collection of that name already."))
        return replace(found, members=(*found.members, ref)) if ref and ref not in found.members else found

    name = slug or slugify(title) or uuid4().hex[:8]
    content.set_collection(_library(author), name, change, author=author.person.username, at=at)


def scatter(author: Author, slug: str, *, at: datetime, ref: str = "") -> None:
    """Takes item ``ref`` out of a collection, or removes the collection (not its members) when no ``ref`` is given."""
    require(author, Capability.EDIT)

    def change(there: Collection | None) -> Collection | None:
        found = _existing(there)
        return replace(found, members=tuple(one for one in found.members if one != ref)) if ref else None

    content.set_collection(_library(author), slug, change, author=author.person.username, at=at)


def offers(author: Author, parent: str, *, text: str = "") -> list[Offer]:
    """What of the libraries that the author may open can be put into block ``parent`` of their course."""
    kind = _FITS.get(split_ref(parent)[0])
    wanted, found = text.casefold(), []
    for card in mine(author.person):
        fitting = tuple(
            item
            for item in content.items(card.key)
            if item.state in ("published", "changed")
            and _fits(split_ref(item.ref)[0], kind)
            and wanted in item.title.casefold()
        )
        if fitting:
            found.append(Offer(card, fitting))
    return found


def use(author: Author, item: str, parent: str, *, index: int | None = None, at: datetime) -> str:
    """Puts a copy of a published item of a library into ``parent``; its ref.

    Raises :class:`NotAllowed` when the author may not open that library.
    """
    require(author, Capability.EDIT)
    try:
        library, ref = parse_item(item)
    except BadKey as error:
        raise AuthoringError(str(error)) from error
    enter(author.person, library)
    if not _fits(split_ref(ref)[0], _FITS.get(split_ref(parent)[0])):
        raise AuthoringError(_("This item cannot be put there."))
    nesting.require_fitting(author, parent, split_ref(ref)[0], at)
    return content.use(author.run, item, parent, index, author=author.person.username, at=at).value


def updates(author: Author) -> list[Update]:
    """The copies in the course of whose items another version is published. Reads the whole course."""
    return [one for one in content.updates(author.run, author.root) if one.inside is None]


def compare(author: Author, ref: str) -> Comparison:
    """A copy beside its item. Raises :class:`NotAllowed` for an item of a library that the author may not open."""
    _enter_upstream(author, ref)
    return content.compare(author.run, ref)


def update(author: Author, ref: str, keep: Keep, *, at: datetime) -> tuple[str, ...]:
    """Makes a copy follow its item; fields changed here stay (``mine``) or not (``theirs``). Names of those that do."""
    require(author, Capability.EDIT)
    _enter_upstream(author, ref)
    kept = None if keep == "mine" else ()
    return content.update(author.run, ref, keep=kept, author=author.person.username, at=at).value


def decline(author: Author, ref: str, *, at: datetime) -> None:
    """Leaves a copy as it is; the next version of its item is told again."""
    require(author, Capability.EDIT)
    content.decline(author.run, ref, author=author.person.username, at=at)


def unlink(author: Author, ref: str, *, at: datetime) -> None:
    """Makes a copy a block of its own."""
    require(author, Capability.EDIT)
    content.unlink(author.run, ref, author=author.person.username, at=at)


def _enter_upstream(author: Author, ref: str) -> None:
    object_id = content.way(author.root, ref)[-1].object_id
    upstream = content.nodes([object_id])[object_id].fields.get("upstream")
    if isinstance(upstream, str) and upstream:
        enter(author.person, parse_item(upstream)[0])


def _fits(kind: str, wanted: str | None) -> bool:
    """Whether an item of type ``kind`` belongs where ``wanted`` does (None: a component)."""
    return kind == wanted if wanted else kind not in CONTAINERS


def _library(author: Author) -> LibraryLocatorV2:
    key = author.run
    if not isinstance(key, LibraryLocatorV2):
        raise AuthoringError(_("This is a course, not a library."))
    return key


def _existing(there: Collection | None) -> Collection:
    if there is None:
        raise AuthoringError(_("There is no such collection."))
    return there


def _visible(person: Person, keys: list[LibraryLocatorV2]) -> list[LibraryLocatorV2]:
    if person.is_staff:
        return keys
    grants = [grant for grant in accounts.grants(person.id) if access.opens_studio(grant)]
    own, orgs = {grant.run for grant in grants if grant.run}, {grant.org for grant in grants if not grant.run}
    return [key for key in keys if "" in orgs or str(key.org) in orgs or str(key) in own]
