"""What pages with the editor of texts need: for ``studio/text/rich.html`` and ``studio/text/dialogs.html``."""

from __future__ import annotations

import json
from typing import Any, Final

from django.urls import reverse

from lykeion.authoring.api import outline
from lykeion.authoring.types import Author
from lykeion.studio.choosers import chooser_context
from lykeion.ui.editorwords import editor_words, formula_pieces

SIZES: Final = ("", "100%", "75%", "50%", "25%")


def richtext_context(author: Author) -> dict[str, Any]:
    """The words of the editor, what its dialogs offer, and where files are chosen and go."""
    return {
        "words_json": json.dumps(editor_words()),
        "formula_pieces": formula_pieces(),
        "first_places": reverse("studio:choose_place", args=[author.run, outline.COURSE]),
        "sizes": SIZES,
        **chooser_context(author),
    }
