"""Code of other packages, called so that it harms nobody but itself.

Our own kinds are called as they are. Whatever another's code does in a call (raises, exits, hangs, leaves a transaction
open, changes the language), the caller goes on with an exception of ours, with nothing kept of what the code wrote.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from lykeion.blocks.broken import cannot_show, took_too_long
from lykeion.blocks.surroundings import Surroundings
from lykeion.blocks.types import BlockProblem, Visit
from lykeion.blocks.watching import OutOfTime, within

log = logging.getLogger(__name__)

LARGEST_HTML = 4 << 20  # characters of one block
LARGEST_REPLY = 64 << 20  # bytes
T = TypeVar("T")


_foreign: dict[Any, bool] = {}


class Limits:
    """What the operator allows code of others; the app's configuration fills it in."""

    seconds: float = 10.0


limits = Limits()


class Misbehaved(BlockProblem):
    """A block did what no block may do; nothing that it wrote was kept."""


class TookTooLong(Misbehaved):
    """A block did not come to an end in the time that it has."""


def is_foreign(cls: Any) -> bool:
    """Whether the code of ``cls`` is of another package."""
    found = _foreign.get(cls)
    if found is None:
        found = _foreign[cls] = _is_foreign(cls)
    return found


def _is_foreign(cls: Any) -> bool:
    return not getattr(cls, "unmixed_class", cls).__module__.startswith("lykeion.")  # asides are not mixed


def guarded(visit: Visit, cls: type, what: str, work: Callable[[], T]) -> T:
    """What ``work()``, which runs code of ``cls``, returns. ``what`` names it in the log.

    For classes of others: raises what ``work`` raises if that is an :class:`Exception`, :class:`TookTooLong` when its
    time is over, :class:`Misbehaved` for anything else. Then what it wrote to the state and the sink of ``visit`` is
    as it was before, as is all that :class:`Surroundings` knows of.
    """
    if not is_foreign(cls):
        return work()
    kept = visit.state.mark(), visit.sink.mark()
    try:
        with Surroundings():
            return within(limits.seconds, what, work)
    except BaseException as error:
        visit.state.undo_to(kept[0])
        visit.sink.undo_to(kept[1])
        raise _problem(what, error) from error


def _problem(what: str, error: BaseException) -> BaseException:
    """What the host is told of ``error``: itself, unless it would end more than the block."""
    if isinstance(error, OutOfTime):
        place = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{place.filename}:{place.lineno} ({place.name})"
        log.error("%s was stopped after %s s, in %s", what, limits.seconds, where)
        reason = f"It was stopped after {limits.seconds:g} s (LYKEION_BLOCK_SECONDS), in {where}."
        return TookTooLong(took_too_long(), reason)
    if isinstance(error, Misbehaved):
        log.warning("%s: %s", what, error.staff)
    if isinstance(error, Exception):
        return error
    if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread():
        return error  # somebody at a terminal
    log.error("%s raised %s", what, type(error).__name__, exc_info=error)
    return Misbehaved(cannot_show(), f"{type(error).__name__}: {error}")


def checked_fragment(cls: type, view: str, fragment: Any) -> None:
    """Raises :class:`Misbehaved` when what a view returned is no fragment, is larger than any page should be, or holds
    what no page can (halves of characters past U+FFFF: learners can send them as JSON)."""
    if not hasattr(fragment, "content") or not hasattr(fragment, "resources"):
        raise Misbehaved(cannot_show(), f"{view} returned {type(fragment).__name__}, not a Fragment.")
    if not is_foreign(cls):
        return
    if len(fragment.content) > LARGEST_HTML:
        size = f"{len(fragment.content) / 1e6:.0f} million characters"
        raise Misbehaved(cannot_show(), f"{view} returned {size} of HTML; {LARGEST_HTML / 1e6:.0f} are allowed.")
    for text in (fragment.content, *(one.data for one in fragment.resources)):
        try:
            text.encode()
        except UnicodeEncodeError as error:
            raise Misbehaved(cannot_show(), f"{view} returned what is no text: {error}") from error


def checked_response(handler: str, response: Any) -> None:
    """Reads the body of what a handler answered. Raises :class:`Misbehaved` when it is no response, or has no end."""
    if not hasattr(response, "app_iter") or not hasattr(response, "status_int"):
        raise Misbehaved(cannot_show(), f"{handler} returned {type(response).__name__}, not a Response.")
    body = bytearray()
    for piece in response.app_iter:
        body += piece
        if len(body) > LARGEST_REPLY:
            raise Misbehaved(cannot_show(), f"{handler} answered with more than {LARGEST_REPLY >> 20} MB.")
    response.body = bytes(body)
