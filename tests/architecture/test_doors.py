"""Another app is entered by its doors only."""

from __future__ import annotations

import grimp

DOORS = {"api", "types", "signals"}
WIRING = {"__main__", "urls", "wsgi", "settings", "commands"}  # starts everything, so it may touch anything
LIBRARIES = {"core", "ui", "olx", "capa"}  # have no rooms to hide


def test_other_apps_are_entered_by_their_doors_only() -> None:
    graph = grimp.build_graph("lykeion")
    imports = (
        (importer, imported)
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    )

    broken = sorted(
        f"{importer} imports {imported}" for importer, imported in imports if not _is_door(importer, imported)
    )

    assert broken == []


def _is_door(importer: str, imported: str) -> bool:
    here, there = importer.split(".")[1:], imported.split(".")[1:]
    if not here or not there or here[0] == there[0] or here[0] in WIRING or there[0] in LIBRARIES:
        return True
    return len(there) > 1 and there[1] in DOORS
