"""From the fields of a form to answers by input id (capa_block.py:make_dict_of_responses)."""

import json
import re
from collections.abc import Iterable
from typing import Any

from lykeion.capa.types import AnswerError, gettext_noop

PREFIX = "input_"
MAX_LENGTH = 100_000  # of all answers of one form
_ITEM = re.compile(r"([^{]+)\{(.+)\}")


def answers_from_form(fields: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Answers keyed by input id.

    `input_<id>` holds text, `input_<id>[]` one item of a list, `input_<id>{}` JSON, `input_<id>{<key>}` one item of a
    dictionary. Other fields are no answers and are passed over. Raises AnswerError for a field that comes twice, for
    broken JSON, and for more text than MAX_LENGTH.
    """
    answers: dict[str, Any] = {}
    length = 0
    for name, value in fields:
        if not name.startswith(PREFIX):
            continue
        length += len(name) + len(value)
        if length > MAX_LENGTH:
            raise AnswerError(gettext_noop("The answer is too long; shorten it to {most} characters."), most=MAX_LENGTH)
        key = name[len(PREFIX) :]
        item = _ITEM.fullmatch(key)
        if key.endswith("[]"):
            answers.setdefault(key[:-2], []).append(value)
        elif item is not None:
            answers.setdefault(item[1], {})[item[2]] = value
        elif key in answers or key[:-2] in answers:
            raise AnswerError(gettext_noop("The answer {name} was sent twice."), name=key)
        elif key.endswith("{}"):
            answers[key[:-2]] = _json(key, value)
        else:
            answers[key] = value
    return answers


def _json(key: str, value: str) -> Any:
    try:
        found = json.loads(value)
        json.dumps(found, ensure_ascii=False).encode()  # half a character would break every page it is shown on
        return found
    except ValueError as error:
        raise AnswerError(gettext_noop("The answer {name} cannot be read."), name=key) from error
