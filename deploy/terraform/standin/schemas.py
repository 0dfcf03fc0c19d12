"""The schema of a Terraform provider, read out of the bindings that were made of it (packages of cdktf).

Each resource is one TypeScript file inside a source map. A comment tells of each argument whether it is computed,
optional or required; a function ``…ToHclTerraform`` tells its type and whether it is a block; classes tell how blocks
nest.

A schema is ``{"provider": block, "resources": {name: block}, "data": {name: block}}``; a block is
``{"attributes": {name: {"type", "computed", "optional", "required"}}, "blocks": {name: nested}}``, where nested is
``{"nesting", "min", "max", "block"}``. Types are as Terraform writes them: ``"string"``, ``["list", "string"]``,
``["object", {...}]``.
"""

from __future__ import annotations

import base64
import importlib.util
import itertools
import json
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Block = dict[str, Any]

SIMPLE = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
CLASS = re.compile(r"^export class (\w+) extends cdktf\.(\w+) \{\n", re.M)
TO_HCL = re.compile(r"^export function (\w+)ToHclTerraform\(.*?\n\}\n", re.M | re.S)
INTERFACE = re.compile(r"^export interface (\w+)[^{]*\{(.*?)^\}", re.M | re.S)
SHAPE = re.compile(
    r'^\s+(\w+): \{\n\s+value: .*,\n\s+isBlock: (true|false),\n\s+type: "(\w+)",\n\s+storageClassType: "(\w+)",\n', re.M
)
RULE = re.compile(r"^  // (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n", re.M)
NESTED = re.compile(r"new (\w+?)(List|Map|OutputReference)\(this, \"\w+\"(?:, (true|false))?")
COLLECTION = re.compile(r"new cdktf\.(String|Number|Boolean|Any)(Map|List)(List)?\(this")
GETTERS: dict[str, Any] = {
    "getStringMapMapAttribute": ["map", ["map", "string"]],
    "getStringMapAttribute": ["map", "string"],
    "getNumberMapAttribute": ["map", "number"],
    "getBooleanMapAttribute": ["map", "bool"],
    "getAnyMapAttribute": ["map", "dynamic"],
    "getNumberListAttribute": ["list", "number"],
    "getListAttribute": ["list", "string"],
    "getStringAttribute": "string",
    "getNumberAttribute": "number",
    "getBooleanAttribute": "bool",
}
ROOTS = {"TerraformResource": "resources", "TerraformDataSource": "data", "TerraformProvider": "provider"}


@dataclass(frozen=True)
class Shape:
    """Of an argument: whether it is a block; list, set, map, struct or simple; what it holds."""

    is_block: bool
    kind: str
    holds: str


@dataclass
class Class:
    """A class of the bindings: a resource, or a block in one."""

    base: str
    body: str
    shapes: dict[str, Shape] = field(default_factory=dict)


@dataclass
class Source:
    """One file: its classes, and of blocks that only the provider has (which have no class) shapes and interfaces."""

    classes: dict[str, Class]
    shapes: dict[str, dict[str, Shape]]
    interfaces: dict[str, str]


def schema_of(provider: str) -> dict[str, Any]:
    """The schema of ``provider``. Raises :class:`LookupError` where its bindings are not installed, and
    :class:`ValueError` where they hold none."""
    found: dict[str, Any] = {"provider": None, "resources": {}, "data": {}}
    for text in sources(bindings(provider)):
        source = parsed(text)
        for name, one in source.classes.items():
            kind = ROOTS.get(one.base)
            if kind == "provider":
                found[kind] = block(name, source)
            elif kind is not None:
                told = re.search(r'tfResourceType = "(\w+)"', one.body)
                if told is None:
                    raise ValueError(f"{provider}: {name} does not say its type")
                found[kind][told[1].removeprefix("data_")] = block(name, source)
    if found["provider"] is None or not found["resources"]:
        raise ValueError(f"the bindings of {provider} hold no provider of Terraform")
    return found


def bindings(provider: str) -> Path:
    """The package of TypeScript in the installed bindings. Raises :class:`LookupError`."""
    known = importlib.util.find_spec(f"cdktf_cdktf_provider_{provider}")  # finds it without importing it
    folder = Path(known.origin).parent if known and known.origin else None
    package = next(folder.glob("_jsii/*.tgz"), None) if folder else None
    if package is None:
        raise LookupError(f"cdktf-cdktf-provider-{provider} is not installed; see requirements.in")
    return package


def sources(package: Path) -> Iterator[str]:
    """TypeScript of each resource; large ones are in several files of one folder."""
    folders: dict[str, list[str]] = {}
    with tarfile.open(package) as archive:
        for member in archive:
            found = re.fullmatch(r"package/lib/([^/]+)/.*\.js", member.name)
            file = archive.extractfile(member) if found else None
            if found is not None and file is not None:
                _code, mark, encoded = file.read().rpartition(b"base64,")
                if mark:
                    folders.setdefault(found[1], []).extend(json.loads(base64.b64decode(encoded))["sourcesContent"])
    yield from ("\n".join(texts) for texts in folders.values())


def parsed(text: str) -> Source:
    """The classes of a file."""
    parts = CLASS.split(text)
    classes = {name: Class(base, body) for name, base, body in zip(parts[1::3], parts[2::3], parts[3::3], strict=True)}
    shapes = {}
    for function in TO_HCL.finditer(text):
        name = function[1][0].upper() + function[1][1:]
        shapes[name] = shapes_in(function[0])
        if f"{name}OutputReference" in classes:
            classes[f"{name}OutputReference"].shapes = shapes[name]
    for one in classes.values():
        if one.base in ROOTS:
            one.shapes = shapes_in(one.body[one.body.find("synthesizeHclAttributes") :])
    return Source(classes, shapes, {found[1]: found[2] for found in INTERFACE.finditer(text)})


def shapes_in(text: str) -> dict[str, Shape]:
    """Argument -> its shape."""
    return {found[1]: Shape(found[2] == "true", found[3], found[4]) for found in SHAPE.finditer(text)}


def block(name: str, source: Source) -> Block:
    """What the class ``name`` takes."""
    one = source.classes[name]
    made: Block = {"attributes": {}, "blocks": {}}
    for argument, (rules, code) in arguments(one.body).items():
        shape = one.shapes.get(argument)
        below = inner(code, source)
        simple = simple_type(shape) if shape else computed_type(code, source)
        if simple is not None:
            made["attributes"][argument] = {"type": simple, **rules}
        elif shape is not None and shape.is_block:
            made["blocks"][argument] = nested(shape, rules["required"], code, below, source)
        elif shape is not None and below is not None:
            made["attributes"][argument] = {"type": wrapped(shape.kind, object_type(below, source)), **rules}
        else:
            made["attributes"][argument] = {"type": "dynamic", **rules}
    return made


def nested(shape: Shape, required: bool, code: str, below: str | None, source: Source) -> Block:
    """A block in a block."""
    nesting = "single" if shape.kind == "struct" else shape.kind
    if below is None:
        return {"nesting": nesting, "min": int(required), "max": 0, "block": classless(shape.holds, source)}
    found = NESTED.search(code)
    once = found is not None and found[2] == "OutputReference" and nesting in ("list", "set")
    return {"nesting": nesting, "min": int(required), "max": int(once), "block": block(below, source)}


def classless(holds: str, source: Source) -> Block:
    """A block of the provider's own configuration: its interface tells what is required."""
    name = re.sub(r"(List|Map)$", "", holds)
    made: Block = {"attributes": {}, "blocks": {}}
    for argument, shape in source.shapes[name].items():
        required = f"readonly {camel(argument)}: " in source.interfaces.get(name, "")
        simple = simple_type(shape)
        if simple is None:
            made["blocks"][argument] = nested(shape, required, "", None, source)
        else:
            made["attributes"][argument] = {
                "type": simple, "computed": False, "optional": not required, "required": required,
            }  # fmt: skip
    return made


def arguments(body: str) -> dict[str, tuple[dict[str, bool], str]]:
    """Argument -> its rules, and the code that follows."""
    found = list(RULE.finditer(body))
    made = {}
    for one, following in itertools.pairwise([*found, None]):
        assert one is not None, body  # None comes last
        rules = {rule: one[number] == "true" for number, rule in enumerate(("computed", "optional", "required"), 2)}
        made[one[1]] = (rules, body[one.end() : following.start() if following else len(body)])
    return made


def simple_type(shape: Shape) -> Any:
    """The type of an argument that holds no object; else None."""
    if shape.holds in SIMPLE:
        return SIMPLE[shape.holds]
    found = re.fullmatch(r"(string|number|boolean|any)(List|Map)(List|Map)?", shape.holds)
    if found is None:
        return None
    first = "set" if shape.kind == "set" and found[3] is None else found[2].lower()
    one = [first, SIMPLE[found[1]]]
    return [found[3].lower(), one] if found[3] else one


def computed_type(code: str, source: Source) -> Any:
    """The type of what only the provider sets."""
    below = inner(code, source)
    is_set = "tolist(" in code
    if below is not None:
        found = NESTED.search(code)
        assert found is not None, below  # inner() found it
        kind = {"OutputReference": "struct", "Map": "map"}.get(found[2], "set" if found[3] == "true" else "list")
        return wrapped(kind, object_type(below, source))
    many = COLLECTION.search(code)
    if many is not None:
        one = [many[2].lower(), SIMPLE[many[1].lower()]]
        return ["list", one] if many[3] else one
    found_type = next((kind for getter, kind in GETTERS.items() if getter in code), "dynamic")
    return ["set", found_type[1]] if is_set and found_type[0] == "list" else found_type


def object_type(name: str, source: Source) -> Any:
    """The type of an object that is no block."""
    one = source.classes[name]
    fields = {}
    for argument, (_rules, code) in arguments(one.body).items():
        shape = one.shapes.get(argument)
        below = inner(code, source)
        found = simple_type(shape) if shape else None
        if found is None and shape is not None and below is not None:
            found = wrapped(shape.kind, object_type(below, source))
        fields[argument] = found or computed_type(code, source)
    return ["object", fields]


def inner(code: str, source: Source) -> str | None:
    """The class of what an argument holds."""
    found = NESTED.search(code)
    name = f"{found[1]}OutputReference" if found else ""
    return name if name in source.classes else None


def wrapped(kind: str, one: Any) -> Any:
    """A list, set or map of ``one``; itself for a struct."""
    return one if kind == "struct" else [kind, one]


def camel(name: str) -> str:
    """``first_second`` -> ``firstSecond``."""
    first, *rest = name.split("_")
    return first + "".join(word[:1].upper() + word[1:] for word in rest)
