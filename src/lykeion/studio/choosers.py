"""What pages with a chooser of files need."""

from __future__ import annotations

from django.urls import reverse

from lykeion.authoring.types import Author, Capability


def chooser_context(author: Author) -> dict[str, str]:
    """For ``studio/parts/file_chooser.html``: where the list is, where files go, whole and in parts (empty for
    those who may not), and where the draft shows them."""
    may = author.can(Capability.FILES)
    static = reverse("studio:static", args=[author.run, "x"])
    return {
        "file_list": reverse("studio:choose_file", args=[author.run]),
        "file_upload": reverse("studio:upload", args=[author.run]) if may else "",
        "upload_begin": reverse("studio:uploads", args=[author.run]) if may else "",
        "upload_take": reverse("studio:uploads_take", args=[author.run]) if may else "",
        "files_at": static.removesuffix("x"),
    }
