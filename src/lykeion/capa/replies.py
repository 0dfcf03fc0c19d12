"""What graders elsewhere answer, and what becomes of an answer that waited for it (CodeResponse.update_score)."""

import hmac
import json
import math
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any, Final

import nh3

from lykeion.capa.types import InputResult

MOST_MESSAGE: Final = 100_000
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ATTRIBUTES: Final = deepcopy(nh3.ALLOWED_ATTRIBUTES) | {"*": {"class", "title", "lang", "dir"}}


class BadReply(ValueError):
    """A grader's reply that says nothing we can use; the message is for the grader's operator."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A verdict: points are raw, as the grader counts them; `message` is safe HTML."""

    correct: bool
    points: float
    message: str


def read_reply(body: str) -> Reply:
    """The verdict in `{"correct": ..., "score": number, "msg": HTML}`.

    The message may be XML or HTML, whole or broken, but not empty, and nothing XML cannot hold; what could harm the
    page is taken out. Points below 0 are 0. Raises BadReply.
    """
    found = _object(body)
    missing = [name for name in ("correct", "score", "msg") if name not in found]
    if missing:
        raise BadReply(f"The reply lacks {', '.join(missing)}.")
    return Reply(bool(found["correct"]), max(_points(found["score"]), 0), read_message(found["msg"]))


def _points(score: Any) -> float:
    try:
        if not isinstance(score, bool) and isinstance(score, int | float) and math.isfinite(score):
            return score
    except OverflowError:  # a whole number that no float holds
        pass
    raise BadReply(f"The score must be a number, not {str(score)[:100]}.")


def read_feedback(body: str) -> str:
    """The message of a reply that grades nothing. Raises BadReply."""
    found = _object(body)
    if "msg" not in found:
        raise BadReply("The reply lacks msg.")
    return read_message(found["msg"])


def read_message(message: Any) -> str:
    """A grader's message as safe HTML. Raises BadReply."""
    if not isinstance(message, str) or not message or _NOT_XML.search(message):
        raise BadReply("The msg must be HTML, and not empty.")
    if len(message) > MOST_MESSAGE:
        raise BadReply(f"The msg is longer than {MOST_MESSAGE} characters.")
    return clean(message)


def clean(html: str) -> str:
    """HTML from outside, made whole and harmless."""
    return nh3.clean(html, attributes=_ATTRIBUTES)


def _object(body: str) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadReply(f"The reply is not JSON: {error}.") from error
    if not isinstance(found, dict):
        raise BadReply("The reply must be a JSON object.")
    return found


def input_waiting_for(results: Mapping[str, InputResult], key: str) -> str | None:
    """The input whose answer waits for the reply with this key."""
    for input_id, result in results.items():
        if result.queuestate and same_key(result.queuestate.get("key"), key):
            return input_id
    return None


def same_key(kept: Any, sent: str) -> bool:
    """Whether a secret is the right one, without telling how much of it is."""
    told = sent.encode(errors="surrogatepass")
    return isinstance(kept, str) and bool(kept) and hmac.compare_digest(kept.encode(), told)


def answered(result: InputResult, reply: Reply) -> InputResult:
    """The verdict on an answer that waits no longer."""
    correctness = "correct" if reply.correct else "incorrect"
    return replace(result, correctness=correctness, npoints=reply.points, msg=reply.message, queuestate=None)
