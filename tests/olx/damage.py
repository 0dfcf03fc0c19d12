"""Courses damaged at random, the same way every time: what authors, editors and disks do to files."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from pathlib import Path

TEXTS = (".xml", ".html", ".json")
_ATTRIBUTE = re.compile(rb'[\w:-]+="[^"]*"')
_TAG = re.compile(rb"<(/?)([\w:.-]+)")
_NASTY = [
    b"", b"null", b"NaN", b"-1", b"1e999", b"9" * 500, b"true", b"[]", b"{}", b"[[1]]", b'{"a": null}',
    b"&quot;x&quot;",
    b"..", b"../../etc/passwd", b"/", b":", b"a:b", b"::", b".", b"._a", b"a/b", b" ", b"&#10;", b"\xc3\xa4",
    b"x" * 5000,
    b"[" * 2000, b"&amp;#0;", b"2017-01-01T25:61:00Z", b"0000-00-00", b"99999-01-01", b"%",
    b"block-v1:a+b+c+type@d+block@e",
    b"&#xD7FF;", b"\xf0\x9f\x98\x80", b"course", b"error", b"CON", b"lykeion", b"\\", b"a\tb",
]  # fmt: skip
_NAMES = [
    b"url_name", b"filename", b"slug", b"name", b"org", b"course", b"display_name", b"due", b"start", b"graceperiod",
    b"group_access", b"user_partitions", b"max_attempts", b"weight", b"lykeion_fields", b"xml_attributes", b"data",
    b"sources", b"youtube", b"transcripts", b"html5_sources", b"group_id_to_child", b"index_in_children_list",
    b"parent_url", b"xblock-family", b"xml:lang", b"xmlns", b"xmlns:option", b"children", b"tabs", b"upstream",
]  # fmt: skip
_TAGS = [
    b"course", b"chapter", b"sequential", b"vertical", b"html", b"problem", b"video", b"discussion", b"error", b"poll",
    b"conditional", b"split_test", b"library_content", b"wiki", b"textbook", b"show", b"static", b"about", b"policies",
    b"option:x", b"x-y", b"source", b"transcript", b"videosequence", b"customtag", b"a" * 150,
]  # fmt: skip
_VALUES = [
    b"null",
    b"[]",
    b"{}",
    b'"x"',
    b"1",
    b"-1.5",
    b"true",
    b"NaN",
    b"1e999",
    b'"\\ud800"',
    b"[" * 3000,
    b'{"a": [{}]}',
]
_ENCODINGS = ["utf-16", "utf-16-le", "utf-8-sig", "cp1252", "shift_jis", "utf-32", "iso8859-15", "utf-7", "koi8-r"]
_DECLARED = [b"utf-16", b"latin-1", b"nonsense", b"utf-8", b"rot13", b"base64"]

Damage = Callable[[random.Random, bytes], bytes]


def damage(rng: random.Random, folder: Path, times: int) -> dict[Path, bytes | None]:
    """Damage `times` text files below `folder`; returns what they were (None: not there), for `mend`."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in TEXTS)
    special = [path for path in paths if path.name in ("course.xml", "policy.json", "grading_policy.json")]
    before: dict[Path, bytes | None] = {}
    for _ in range(times):
        path = rng.choice(special if rng.random() < 0.15 else paths)
        if path.exists():
            before.setdefault(path, path.read_bytes())
            _hurt(rng, path, paths, before)
    return before


def mend(before: dict[Path, bytes | None]) -> None:
    """Put everything back."""
    for path, data in before.items():
        if data is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(data)


def _hurt(rng: random.Random, path: Path, paths: list[Path], before: dict[Path, bytes | None]) -> None:
    kind = rng.random()
    if kind < 0.04:
        path.unlink()
    elif kind < 0.08:
        other = rng.choice(paths)
        path.write_bytes(before.get(other) or (other.read_bytes() if other.exists() else b""))
    elif kind < 0.11:
        target = path.with_name(
            rng.choice(["a:b.xml", "._x.xml", "x y.xml", "\u00e4.xml", "x" * 200 + ".xml", "copy.xml"])
        )
        before.setdefault(target, target.read_bytes() if target.exists() else None)
        path.rename(target)
    else:
        kinds = JSON if path.suffix == ".json" and rng.random() < 0.7 else ANY if path.suffix == ".html" else XML
        path.write_bytes(rng.choice(kinds)(rng, path.read_bytes()))


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data or b" ")
    for _ in range(rng.randint(1, 8)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _cut(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randint(0, len(data))]


def _splice(rng: random.Random, data: bytes) -> bytes:
    start, end, place = (rng.randint(0, len(data)) for _ in range(3))
    return data[:place] + data[min(start, end) : max(start, end)] + data[place:]


def _recode(rng: random.Random, data: bytes) -> bytes:
    return data.decode("utf-8", "replace").encode(rng.choice(_ENCODINGS), "replace")


def _declare(rng: random.Random, data: bytes) -> bytes:
    head = rng.choice([
        b"<?xml version='1.0' encoding='%s'?>" % rng.choice(_DECLARED),
        b'<!DOCTYPE a [<!ENTITY b "c">]>', b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/x.dtd">',
        b"<!DOCTYPE html>", b"<!-- c -->",
        b"<?php x ?>", b"\xef\xbb\xbf", b"\x00", b"\n\n",
    ])  # fmt: skip
    return head + data


def _attribute(rng: random.Random, data: bytes) -> bytes:
    """Give a random attribute another value or name, drop it, or say it twice."""
    found = list(_ATTRIBUTE.finditer(data))
    if not found:
        return _new_attribute(rng, data)
    one = rng.choice(found)
    name, _, value = one[0].partition(b"=")
    changed = rng.choice([
        name + b'="' + rng.choice(_NASTY) + b'"', rng.choice(_NAMES) + b"=" + value, b"", one[0] + b" " + one[0],
    ])  # fmt: skip
    return data[: one.start()] + changed + data[one.end() :]


def _new_attribute(rng: random.Random, data: bytes) -> bytes:
    found = [tag for tag in _TAG.finditer(data) if not tag[1]]
    if not found:
        return data
    end = rng.choice(found).end()
    return data[:end] + b' %s="%s"' % (rng.choice(_NAMES), rng.choice(_NASTY)) + data[end:]


def _tag(rng: random.Random, data: bytes) -> bytes:
    """Call an element something else, at both ends."""
    found = list(_TAG.finditer(data))
    if not found:
        return data
    old, new = rng.choice(found)[2], rng.choice(_TAGS)
    return re.sub(rb"(</?)" + re.escape(old) + rb"(?=[\s/>])", rb"\1" + new, data)


def _nest(rng: random.Random, data: bytes) -> bytes:
    depth = rng.choice([1, 40, 60, 300])
    tag = rng.choice(_TAGS)
    return b"<%s>" % tag * depth + data + b"</%s>" % tag * depth


def _insert(rng: random.Random, data: bytes) -> bytes:
    piece = rng.choice([
        b"<problem/>", b"text", b"<![CDATA[x]]>", b"<!-- x -->", b"&nbsp;", b"&undefined;", b"<html url_name='gone'/>",
        b"<vertical url_name='v'/>", b"<html filename='gone'/>", b"<problem filename='gone'/>", b"</x>", b"<a b=c>",
        b"<%! x %>",
        b"<chapter url_name='../../x'/>", b"<x:y xmlns:x='urn:z'/>", b"<error url_name='e'>x</error>",
        b"<wiki slug='a'/>",
    ])  # fmt: skip
    ends = [found.end() for found in re.finditer(rb">", data)] or [0]
    place = rng.choice(ends)
    return data[:place] + piece + data[place:]


def _value(rng: random.Random, data: bytes) -> bytes:
    """Put another JSON value in the place of one."""
    found = list(re.finditer(rb'(?<=: )("[^"]*"|\d+|true|false|null|\[\]|\{\})', data))
    if not found:
        return rng.choice(_VALUES)
    one = rng.choice(found)
    return data[: one.start()] + rng.choice(_VALUES) + data[one.end() :]


def _whole(rng: random.Random, data: bytes) -> bytes:
    return rng.choice([*_VALUES, b"", b"\x00\x01", b"<a/>", b"<" * 1000, b"\xff\xfe", data * 2])


ANY: list[Damage] = [_flip, _cut, _splice, _recode, _declare, _whole]
XML: list[Damage] = [*ANY, _attribute, _attribute, _new_attribute, _tag, _nest, _insert, _insert]
JSON: list[Damage] = [*ANY, _value, _value, _value]
