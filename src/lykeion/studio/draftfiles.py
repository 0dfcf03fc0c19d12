"""Addresses of files of a draft, and the previews of authors' HTML that show them."""

from __future__ import annotations

from django.urls import Resolver404, resolve
from django.utils.safestring import SafeString, mark_safe

from lykeion.authoring.api.settings import file_address
from lykeion.authoring.types import Author
from lykeion.ui.cleanhtml import clean


def file_url(author: Author, path: str) -> str:
    """The address of a file of the draft; '' when the course has no address for it."""
    address = file_address(author, path)
    try:
        resolve(address)
    except Resolver404:
        return ""
    return address


def picture_url(author: Author, written: str) -> str:
    """Where the draft shows the picture that a setting names: by its path, a link, or a web address."""
    if written.startswith(("https://", "http://")):
        return written
    return file_url(author, written.removeprefix("/static/")) if written else ""


def preview(author: Author, html: str) -> SafeString:
    """What an author wrote, to be looked at: without anything that could act."""
    return mark_safe(clean(html, lambda path: file_url(author, path)))  # noqa: S308  nh3 made it so
