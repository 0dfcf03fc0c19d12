"""Files to hand in: filesubmission."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from lykeion.capa.inputs.attributes import words
from lykeion.capa.inputs.base import Input, common
from lykeion.capa.scope import Part
from lykeion.capa.source import Element
from lykeion.capa.types import AnswerError, Expected, UploadedFile, View, gettext_noop

MOST_BYTES: Final = 4_000_000  # of one file, as in Open edX
MOST_FILES: Final = 20
_TOO_LARGE: Final = gettext_noop("Your file {filename} is too large (max size: {size} MB).")
_NOT_ALLOWED: Final = gettext_noop("You submitted {filename}; only {allowed} are allowed.")
_MISSING: Final = gettext_noop("You did not submit the required files: {missing}.")
_NONE: Final = gettext_noop("You did not select any files to submit.")
_TOO_MANY: Final = gettext_noop("You selected {count} files; at most {most} can be submitted at once.")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileSubmission(Input):
    """One or more files; the answer is a list of UploadedFile, of which the names are kept."""

    allowed: tuple[str, ...] = ()  # names; none: any file
    required: tuple[str, ...] = ()

    def hints(self) -> tuple[str, ...]:
        """The rules, and what is wrong with the files chosen."""
        return (f"rules_{self.id}", f"fault_{self.id}")

    def value_text(self, value: Any) -> Any:
        """The names of the files."""
        return ", ".join(_names(value)) if isinstance(value, list) else value

    def check_files(self, files: Sequence[UploadedFile]) -> None:
        """Raises AnswerError, with the words of Open edX, for files that may not be handed in."""
        if not files:
            raise AnswerError(_NONE)
        if len(files) > MOST_FILES:
            raise AnswerError(_TOO_MANY, count=len(files), most=MOST_FILES)
        for file in files:
            self._check_file(file)
        missing = [name for name in self.required if name not in _names(files)]
        if missing:
            raise AnswerError(_MISSING, missing=", ".join(missing))

    def _check_file(self, file: UploadedFile) -> None:
        if self.allowed and file.name not in self.allowed:
            raise AnswerError(_NOT_ALLOWED, filename=file.name, allowed=", ".join(self.allowed))
        if len(file.content) > MOST_BYTES:
            raise AnswerError(_TOO_LARGE, filename=file.name, size=MOST_BYTES // 1_000_000)

    def control(self, value: Any, attributes: str, view: View, expected: Expected | None) -> str:
        """The browser's own chooser of files, the rules in words, and what was handed in before."""
        _ = view.gettext
        return (
            f'<div class="capa-files" data-controller="files"{self._rules(view)}>'
            f'<input type="file" multiple name="{self.name}[]" id="{self.name}" data-files-target="field" '
            f'data-action="files#check"{self.unnamed(_("Files to submit"))}{attributes}>'
            f'<p class="capa-description" id="rules_{self.id}">{escape(self._words(view))}</p>'
            f'<p class="capa-fault" id="fault_{self.id}" data-files-target="fault" role="alert"></p>'
            f"{self._submitted(value, view)}</div>"
        )

    def _rules(self, view: View) -> str:
        """What the script checks before anything is sent, and its sentences."""
        sentences = {"large": _TOO_LARGE, "other": _NOT_ALLOWED, "missing": _MISSING, "many": _TOO_MANY}
        texts = {name: view.gettext(text) for name, text in sentences.items()}
        texts |= {"allowed": " ".join(self.allowed), "required": " ".join(self.required)}
        limits = f' data-files-bytes-value="{MOST_BYTES}" data-files-most-value="{MOST_FILES}"'
        return limits + "".join(f' data-files-{name}-value="{escape(text)}"' for name, text in texts.items())

    def _words(self, view: View) -> str:
        _ = view.gettext
        parts = []
        if self.required:
            parts.append(_("Required: {names}.").format(names=", ".join(self.required)))
        if self.allowed:
            parts.append(_("Allowed: {names}.").format(names=", ".join(self.allowed)))
        parts.append(_("Up to {size} MB each.").format(size=MOST_BYTES // 1_000_000))
        return " ".join(parts)

    def _submitted(self, value: Any, view: View) -> str:
        names = _names(value) if isinstance(value, list) else [str(value)] if value else []
        if not names:
            return ""
        words = view.gettext("Submitted: {names}").format(names=", ".join(names))
        return f'<p class="capa-submitted">{escape(words)}</p>'


def _names(files: Iterable[Any]) -> list[str]:
    return [file.name if isinstance(file, UploadedFile) else str(file) for file in files]


def file_input(part: Part, entry: Element) -> FileSubmission:
    """Read which files are wanted: names with spaces between them."""
    return FileSubmission(
        **common(part, entry), allowed=words(entry.get("allowed_files")), required=words(entry.get("required_files"))
    )
