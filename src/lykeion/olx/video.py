"""`<video>` to typed fields and back, after `xmodule/video_block` of Open edX.

A setting may stand in an attribute, in a child element, or in both; the attribute wins. Child elements that say no
more than the fields do are read away and written again; all others (`<video_asset>`, a second `<track>`) are
kept as XML.
"""

import re
from typing import Final

from lykeion.olx.attributes import attributes_text
from lykeion.olx.leaves import (
    Odd,
    keep_children,
    kept_children,
    plain_attributes,
    read_attributes,
    take_asides,
    tell_text,
    texts,
)
from lykeion.olx.markup import Node, elements, is_carriable
from lykeion.olx.types import Block, Fields, Json

_SPEEDS: Final = {
    "0.75": "youtube_id_0_75",
    "1.00": "youtube_id_1_0",
    "1.25": "youtube_id_1_25",
    "1.50": "youtube_id_1_5",
}
_OLD_NAMES: Final = {"from": "start_time", "to": "end_time"}
_SHAPES: Final = {
    "source": {"src"},
    "track": {"src"},
    "handout": {"src"},
    "transcript": {"language", "src"},
}
_YOUTUBE_PART: Final = re.compile(r'\s*"?(?P<speed>\d+(?:\.\d+)?)\s*:\s*(?P<id>[^,:"\s]*)"?\s*')


def read_video(node: Node, odd: Odd) -> Fields:
    """Fields of a video. Tells `odd` of values that do not fit."""
    for old, new in _OLD_NAMES.items():
        if old in node.attrib and new not in node.attrib:
            node.set(new, str(node.attrib.pop(old)))
    fields = read_attributes(node, "video", odd)
    tell_text(node, "video", odd)
    _read_youtube(fields, odd)
    take_asides(node, fields)
    _read_sources(node, fields)
    keep_children([child for child in elements(node) if not _absorbed(child, fields)], fields)
    return fields


def _read_youtube(fields: Fields, odd: Odd) -> None:
    unknown = fields.get("xml_attributes")
    if not isinstance(unknown, dict) or not isinstance(unknown.get("youtube"), str):
        return
    speeds = parse_youtube(str(unknown["youtube"]))
    if speeds is None:
        odd(f"attribute youtube={str(unknown['youtube'])[:80]!r} is not SPEED:ID,SPEED:ID; kept as it is")
        return
    del unknown["youtube"]
    if not unknown:
        del fields["xml_attributes"]
    for name, video_id in speeds.items():
        if video_id:
            fields.setdefault(name, video_id)


def parse_youtube(text: str) -> dict[str, str] | None:
    """`1.00:abc,0.75:def` as ids by field name, or None when the text has another form."""
    ids: dict[str, str] = {}
    for part in text.split(",") if text.strip(' "') else ():
        found = _YOUTUBE_PART.fullmatch(part)
        name = _SPEEDS.get(f"{float(found['speed']):.2f}") if found else None
        if not found or not name:
            return None
        ids[name] = found["id"]
    return ids


def _youtube(fields: Fields) -> str | None:
    """The combined attribute that Open edX writes beside the single ids, if it would say the same."""
    ids = {name: value for name in _SPEEDS.values() if isinstance(value := fields.get(name), str) and value}
    text = ",".join(f"{speed}:{ids[name]}" for speed, name in _SPEEDS.items() if name in ids)
    return text if ids and is_carriable(text) and parse_youtube(text) == ids else None


def _read_sources(node: Node, fields: Fields) -> None:
    sources: list[Json] = [str(child.get("src")) for child in elements(node) if _is_simple(child, "source")]
    if sources and not fields.get("html5_sources"):
        fields["html5_sources"] = sources


def _is_simple(child: Node, tag: str) -> bool:
    """Whether a child element has just the attributes that the fields have room for."""
    return child.tag == tag and set(child.attrib) == _SHAPES[tag] and not len(child) and not (child.text or "").strip()


def _absorbed(child: Node, fields: Fields) -> bool:
    """Take a child element into the fields; False when it says something that they cannot."""
    tag = str(child.tag)
    if tag not in _SHAPES or not _is_simple(child, tag):
        return False
    source = str(child.get("src"))
    if tag == "source":
        known = fields.get("html5_sources")
        return isinstance(known, list) and source in known
    if tag == "transcript":
        return _has_transcript(fields, str(child.get("language")), source)
    if not fields.get(tag):
        fields[tag] = source
    return fields[tag] == source


def _has_transcript(fields: Fields, language: str, source: str) -> bool:
    known = fields.setdefault("transcripts", {})
    return isinstance(known, dict) and known.setdefault(language, source) == source


def video_xml(block: Block) -> str:
    """The element of a video or a discussion: settings as attributes and, of videos, as elements too."""
    attributes, inner = plain_attributes(block), kept_children(block.fields)
    if block.type == "video":
        inner = [*_elements(block.fields), *inner]
        youtube = _youtube(block.fields)
        attributes = attributes if not youtube or "youtube" in attributes else {"youtube": youtube, **attributes}
    start = f"<{block.type}{attributes_text(attributes)}"
    if not inner:
        return f"{start}/>\n"
    return "".join([start, ">\n", *(f"  {child}\n" for child in inner), f"</{block.type}>\n"])


def _elements(fields: Fields) -> list[str]:
    written = [_element("source", src=source) for source in texts(fields.get("html5_sources"))]
    for name in ("track", "handout"):
        value = fields.get(name)
        if isinstance(value, str) and value:
            written.append(_element(name, src=value))
    transcripts = fields.get("transcripts")
    for language, source in sorted(transcripts.items()) if isinstance(transcripts, dict) else ():
        if isinstance(source, str):
            written.append(_element("transcript", language=language, src=source))
    return [text for text in written if text]


def _element(tag: str, **attributes: str) -> str:
    """An empty element, or "" when XML cannot carry a value; the JSON attribute carries it then."""
    if not all(is_carriable(text) for text in attributes.values()):
        return ""
    return f"<{tag}{attributes_text(attributes)}/>"
