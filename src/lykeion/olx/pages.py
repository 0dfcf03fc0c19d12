"""The pages of a course beside its tree: `about/`, `info/` (updates and handouts) and `tabs/`."""

from typing import Final

from lykeion.olx.folder import Folder
from lykeion.olx.markup import decode
from lykeion.olx.names import clean
from lykeion.olx.policies import json_text, read_json
from lykeion.olx.types import Block, Fields, OlxWarning

PAGE_FOLDERS: Final = {"about": "about", "info": "course_info", "tabs": "static_tab"}
"""Folder of the archive to block type."""
_ITEMS: Final = "info/updates.items.json"


def read_pages(folder: Folder, run: str, warnings: list[OlxWarning]) -> tuple[Block, ...]:
    """All pages, sorted by type and id. A folder named after the run overrules (`about/RUN/overview.html`)."""
    pages: dict[tuple[str, str], Block] = {}
    for top, block_type in PAGE_FOLDERS.items():
        for path in _chosen(folder, top, run):
            name = path.rsplit("/", 1)[-1].removesuffix(".html")
            if name != clean(name):
                warnings.append(OlxWarning("a page of this name has no address; kept as a file", path))
            else:
                pages[block_type, name] = Block(block_type, name, {"data": decode(folder.read(path), path)})
    _read_items(folder, pages, warnings)
    return tuple(pages[key] for key in sorted(pages))


def _chosen(folder: Folder, top: str, run: str) -> list[str]:
    """The file to read for each name: the run's own one before the common one, which then stays an extra."""
    chosen: dict[str, str] = {}
    for home in (f"{top}/", f"{top}/{run}/"):
        for path in folder.below(top):
            name = path.removeprefix(home)
            if path.startswith(home) and "/" not in name and name.endswith(".html"):
                chosen[name] = path
    return list(chosen.values())


def _read_items(folder: Folder, pages: dict[tuple[str, str], Block], warnings: list[OlxWarning]) -> None:
    """Course updates are a list beside the page that was made from it."""
    items = read_json(folder, _ITEMS, warnings) if _ITEMS in folder else None
    if items is None:
        return
    page = pages.get(("course_info", "updates"))
    fields: Fields = {**(page.fields if page else {}), "items": items}
    pages["course_info", "updates"] = Block("course_info", "updates", fields)


def page_files(pages: tuple[Block, ...]) -> dict[str, str]:
    """The text of each file of the pages, by path."""
    tops = {block_type: top for top, block_type in PAGE_FOLDERS.items()}
    files: dict[str, str] = {}
    for page in pages:
        top = tops[page.type]
        if "data" in page.fields:
            files[f"{top}/{page.id}.html"] = str(page.fields["data"])
        if (page.type, page.id) == ("course_info", "updates") and "items" in page.fields:
            files[_ITEMS] = json_text(page.fields["items"])
    return files
