"""`policies/`: settings in JSON that overrule the attributes of the XML, and the grading policy."""

import json
from typing import Final

from lykeion.olx.attributes import load_json
from lykeion.olx.fieldtypes import known_fields
from lykeion.olx.folder import Folder
from lykeion.olx.markup import decode
from lykeion.olx.types import Fields, Json, OlxWarning
from lykeion.olx.vocabulary import CONTAINERS, LEAVES

_NEVER: Final = frozenset(["url_name", "filename", "data_dir", "x-is-pointer-node", "org", "course"])
_NOT_IN_POLICY: Final = frozenset(["grading_policy", "xml_attributes", "xml_asides", "xml_children"])


def read_json(folder: Folder, path: str, warnings: list[OlxWarning]) -> Json:
    """The JSON of a file, or None with a warning when it cannot be read; the file then stays among the extras."""
    try:
        value = load_json(decode(folder.read(path), path))
    except ValueError as error:
        folder.used.discard(path)
        line = getattr(error, "lineno", 0)
        warnings.append(OlxWarning(f"not readable as JSON ({error}); kept as it is", path, line))
        return None
    return value


def read_policy(folder: Folder, run: str, warnings: list[OlxWarning]) -> dict[str, Json]:
    """The entries of `policies/RUN/policy.json`, or of the older `policies/RUN.json`, by "type/url_name"."""
    return _first_object(folder, [f"policies/{run}/policy.json", f"policies/{run}.json"], warnings) or {}


def read_grading_policy(folder: Folder, run: str, warnings: list[OlxWarning]) -> dict[str, Json] | None:
    """The grading policy of the run, or that of the course folder; None when there is none."""
    return _first_object(folder, [f"policies/{run}/grading_policy.json", "grading_policy.json"], warnings)


def _first_object(folder: Folder, paths: list[str], warnings: list[OlxWarning]) -> dict[str, Json] | None:
    for path in paths:
        if path not in folder:
            continue
        value = read_json(folder, path, warnings)
        if isinstance(value, dict):
            return value
        if value is not None:
            folder.used.discard(path)
            warnings.append(OlxWarning("a JSON object was expected; kept as it is", path))
    return None


def apply_policy(block_type: str, fields: Fields, entry: Json) -> Json:
    """Let a policy entry overrule the fields of a block. Returns what is left of the entry, None when nothing is.

    Unknown names go to `xml_attributes` of containers; a block without such a field leaves them in the entry.
    """
    if not isinstance(entry, dict) or block_type not in CONTAINERS | LEAVES:
        return entry
    kinds = known_fields(block_type)
    left: dict[str, Json] = {}
    for name, value in entry.items():
        if name in kinds:
            fields[name] = value
        elif name == "xml_attributes" and isinstance(value, dict):
            _merge_unknown(fields, value)
        elif block_type in CONTAINERS and name not in _NEVER:
            _merge_unknown(fields, {name: value})
        elif name not in _NEVER:
            left[name] = value
    return left or None


def _merge_unknown(fields: Fields, found: dict[str, Json]) -> None:
    known = fields.get("xml_attributes")
    merged = {**(known if isinstance(known, dict) else {}), **found}
    kept = {name: value for name, value in merged.items() if name not in _NEVER}
    if kept:
        fields["xml_attributes"] = kept


def course_entry(fields: Fields, in_xml: frozenset[str]) -> dict[str, Json]:
    """The policy entry of the course itself: all its settings but those in `in_xml`, as Open edX exports them."""
    unknown = fields.get("xml_attributes")
    entry = {name: value for name, value in fields.items() if name not in _NOT_IN_POLICY | in_xml}
    return {**(unknown if isinstance(unknown, dict) else {}), **entry}


def json_text(value: Json) -> str:
    """JSON as it stands in a file: indented, sorted, with a line end."""
    return json.dumps(value, indent=4, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"
