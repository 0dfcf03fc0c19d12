"""What somebody tries out on pages of a draft: kept as text, for as long and as far as the face likes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple

from lykeion.authoring.host import Scratch
from lykeion.blocks.types import StateKey

__all__ = ["Scratch", "kept", "opened"]


def opened(texts: Mapping[str, str]) -> Scratch:
    """The scratch that :func:`kept` made texts of."""
    documents = {StateKey(*json.loads(name)): json.loads(text) for name, text in texts.items()}
    return Scratch(documents)


def kept(scratch: Scratch, *, most: int) -> dict[str, str]:
    """``scratch`` as texts by name, ``most`` characters in all: what was there first goes first."""
    texts = {json.dumps(astuple(key)): json.dumps(document) for key, document in scratch.documents.items() if document}
    while texts and sum(map(len, texts.values())) > most:
        del texts[next(iter(texts))]
    return texts
