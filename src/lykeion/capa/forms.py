"""From the fields of a form to answers by input id (capa_block.py:make_dict_of_responses)."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from lykeion.capa.types import AnswerError, UploadedFile, gettext_noop

PREFIX = "input_"
MAX_LENGTH = 100_000  # of all answers of one form
MAX_LINE = 10_000  # of one answer that is a line or a choice; programs, drawings and what pages send may be longer
_LINES = frozenset({
    "textline", "formulaequationinput", "optioninput", "choicegroup", "radiogroup", "checkboxgroup", "choicetextgroup",
    "radiotextgroup", "checkboxtextgroup", "imageinput", "chemicalequationinput",
})  # fmt: skip
MOST_FILES = 20
MOST_BYTES = 4_000_000  # of one file: STUDENT_FILEUPLOAD_MAX_SIZE
MOST_NAME = 200
_UNFIT = re.compile(r"[\x00-\x1f\x7f]")
_ITEM = re.compile(r"([^{]+)\{(.+)\}")


def answers_from_form(fields: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Answers keyed by input id.

    `input_<id>` holds text, `input_<id>[]` one item of a list, `input_<id>{}` JSON, `input_<id>{<key>}` one item of a
    dictionary; files of one input are a list of UploadedFile. Other fields are no answers and are passed over. Raises
    AnswerError for a field that comes twice or in two forms, for broken JSON, and for more text than MAX_LENGTH.
    """
    answers: dict[str, Any] = {}
    forms: dict[str, str] = {}
    length = 0
    for name, value in fields:
        if not name.startswith(PREFIX):
            continue
        if not isinstance(value, str):
            _add_file(answers, forms, name[len(PREFIX) :].removesuffix("[]"), value)
            continue
        length += len(name) + len(value)
        if length > MAX_LENGTH:
            raise AnswerError(gettext_noop("The answer is too long; shorten it to {most} characters."), most=MAX_LENGTH)
        _add(answers, forms, name[len(PREFIX) :], value)
    return answers


def answers_to(tags: Mapping[str, str], answers: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `answers` that belong to a problem whose inputs have these `tags` (by id), with what a page sends beside
    a formula (`<id>_dynamath`). So nothing is kept that no question asked for. Raises AnswerError for one too long, and
    for files where none are asked for."""
    found: dict[str, Any] = {}
    for key, value in answers.items():
        tag = tags.get(key) or tags.get(key.removesuffix("_dynamath"))
        if tag is None:
            continue
        if tag != "filesubmission" and _has_files(value):
            raise AnswerError(gettext_noop("The answer {name} is a file; this question takes none."), name=key)
        if tag in _LINES and _length(value) > MAX_LINE:
            raise AnswerError(gettext_noop("The answer is too long; shorten it to {most} characters."), most=MAX_LINE)
        found[key] = value
    return found


def _has_files(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, UploadedFile) for item in value)


def _length(value: Any) -> int:
    return len(value) if isinstance(value, str) else len(str(value))


def _add(answers: dict[str, Any], forms: dict[str, str], field: str, value: str) -> None:
    """One field more; `forms` remembers how each answer is written, so that no two ways are mixed."""
    item = _ITEM.fullmatch(field)
    form = "[]" if field.endswith("[]") else "{key}" if item else "{}" if field.endswith("{}") else ""
    key = item[1] if item else field.removesuffix(form)
    may_grow = form in ("[]", "{key}") and forms.get(key, form) == form
    if (key in answers and not may_grow) or (item and item[2] in answers.get(key, ())):
        raise AnswerError(gettext_noop("The answer {name} was sent twice."), name=field)
    forms[key] = form
    if form == "[]":
        answers.setdefault(key, []).append(value)
    elif item:
        answers.setdefault(key, {})[item[2]] = value
    else:
        answers[key] = _json(field, value) if form else value


def _add_file(answers: dict[str, Any], forms: dict[str, str], key: str, upload: Any) -> None:
    """A file of a multipart form (as `cgi.FieldStorage` gives it): one of the list that is the answer."""
    if not hasattr(upload, "filename"):
        raise AnswerError(gettext_noop("The answer {name} cannot be read."), name=key)
    if not upload.filename:  # a chooser in which nothing was chosen
        return
    if forms.setdefault(key, "file") != "file":
        raise AnswerError(gettext_noop("The answer {name} was sent twice."), name=key)
    kept = answers.setdefault(key, [])
    if len(kept) >= MOST_FILES:
        raise AnswerError(gettext_noop("At most {most} files can be submitted at once."), most=MOST_FILES)
    file = UploadedFile(_base_name(str(upload.filename)), upload.value)
    if len(file.content) > MOST_BYTES:
        raise AnswerError(
            gettext_noop("Your file {filename} is too large (max size: {size} MB)."),
            filename=file.name,
            size=MOST_BYTES // 1_000_000,
        )
    kept.append(file)


def _base_name(name: str) -> str:
    """Without folders, as some browsers send them, and without what names no file."""
    base = _UNFIT.sub("", name.replace("\\", "/").rpartition("/")[2])[:MOST_NAME].strip()
    return base if base.strip(".") else "file"


def _json(key: str, value: str) -> Any:
    try:
        found = json.loads(value)
        json.dumps(found, ensure_ascii=False).encode()  # half a character would break every page it is shown on
        return found
    except ValueError as error:
        raise AnswerError(gettext_noop("The answer {name} cannot be read."), name=key) from error
