"""What fragments want on a page, as tags."""

from __future__ import annotations

import logging
from html import escape

from django.utils.safestring import SafeString, mark_safe

from lykeion.blocks.types import Rendered, Resource

log = logging.getLogger(__name__)

JAVASCRIPT = frozenset({"application/javascript", "text/javascript", "application/x-javascript"})


def placed_html(rendered: Rendered, placement: str) -> SafeString:
    """What blocks want in the ``head`` or at the ``foot`` of the page, each thing once."""
    wanted = dict.fromkeys(resource for resource in rendered.resources if resource.placement == placement)
    return mark_safe("\n".join(resource_html(resource) for resource in wanted))  # noqa: S308  see resource_html


def resource_html(resource: Resource) -> str:
    """One resource as a tag; text of scripts and styles cannot end its tag early.

    Text of an unknown type is put where scripts of blocks find it (templates of theirs); a file of an unknown type
    has no tag, so it is left out with a line in the log.
    """
    is_url, data, mimetype = resource.kind == "url", resource.data, resource.mimetype
    if mimetype == "text/css":
        sheet = data.replace("</style", r"<\/style")
        return f'<link rel="stylesheet" href="{escape(data)}">' if is_url else f"<style>{sheet}</style>"
    if mimetype in JAVASCRIPT and is_url:
        return f'<script src="{escape(data)}"></script>'
    if mimetype == "text/html" and not is_url:
        return data
    if is_url:
        log.warning("A block asks for %s of type %r: pages load CSS and JavaScript only.", data, mimetype)
        return ""
    script = data.replace("</script", r"<\/script").replace("<!--", r"<\!--")
    kind = "" if mimetype in JAVASCRIPT else f' type="{escape(mimetype)}"'
    return f"<script{kind}>{script}</script>"
