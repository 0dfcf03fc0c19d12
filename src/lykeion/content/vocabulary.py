"""What the site knows of block types when it reads and writes course XML."""

from __future__ import annotations

from lykeion.olx.api import BuiltinVocabulary
from lykeion.olx.types import Vocabulary


class _Known:
    vocabulary: Vocabulary = BuiltinVocabulary()


def register_vocabulary(vocabulary: Vocabulary) -> None:
    """Lets ``vocabulary`` tell which tags hold child blocks. Called once, when the apps start."""
    _Known.vocabulary = vocabulary


def vocabulary() -> Vocabulary:
    """The registered vocabulary, else that of OLX itself."""
    return _Known.vocabulary
