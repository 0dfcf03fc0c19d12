"""What holds for every block of the first set: its editor can be shown, its XML comes back, it costs others nothing."""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page

from tests.ecosystem.hosts import RUN, Site, all_units, course_xml

EDITORS = """
import json
from django.contrib.auth import get_user_model
from lykeion.blocks.runtime import BlockRuntime
from lykeion.core.clock import now
from lykeion.core.keys import run_of
from lykeion.courseware.entering import enter
from lykeion.courseware.visit import begin
visit = begin(enter(get_user_model().objects.get(username="bob"), run_of("Eco", "Blocks", "2026"), now())).visit
shown = {}
for block in visit.outline.blocks:
    runtime = BlockRuntime(visit, authored={})
    if runtime.load_block_type(block.type).__module__.startswith("lykeion."):
        continue
    fragment = runtime.render(runtime.block(block.ref), "studio_view")
    shown[block.ref] = "" if not runtime.failed else fragment.content
print(json.dumps(shown))
"""
WITHOUT_EDITOR = {"poll_question@old_poll"}  # its class has no studio_view


def test_the_editor_of_every_block_can_be_shown(site: Site) -> None:
    shown = json.loads(site.python(EDITORS))
    broken = {ref: html for ref, html in shown.items() if html and ref not in WITHOUT_EDITOR}

    assert broken == {}
    assert {"done@read", "drag-and-drop-v2@layers", "poll@fruit"} <= shown.keys()


def test_every_block_comes_back_from_export_as_it_was_imported(site: Site, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    (tmp_path / "course" / "course.xml").write_text(course_xml(all_units()))
    site.run("import", str(tmp_path / "course"), "--course", "Again")
    site.run("export", RUN.replace("Blocks", "Again"), "-o", str(tmp_path / "first.tar.gz"))
    site.run("import", str(tmp_path / "first.tar.gz"), "--course", "Third")
    site.run("export", RUN.replace("Blocks", "Third"), "-o", str(tmp_path / "second.tar.gz"))

    first, second = (_leaves(tmp_path / name) for name in ("first.tar.gz", "second.tar.gz"))
    written = {
        (node.tag, node.get("url_name")): _value(node)
        for text in all_units().values()
        for node in etree.fromstring(text).iterchildren()
    }

    assert {key: first[key] for key in written} == written
    assert second == first


@pytest.mark.parametrize(
    ("unit", "libraries"),
    [
        ("done", []),
        ("dragging", []),
        ("poll", []),
        ("word_cloud", []),
        ("annotatable", ["qtip"]),
        ("scorm", ["jquery-ui"]),
    ],
)
def test_a_page_has_the_libraries_that_its_blocks_name_and_no_others(
    site: Site, alice: Page, unit: str, libraries: list[str]
) -> None:
    alice.goto(site.unit(unit))
    found = alice.evaluate("[...document.scripts].map((one) => one.src).filter((src) => src.includes('/legacy/'))")

    assert [Path(src).stem for src in found] == libraries


def _leaves(archive: Path) -> dict[tuple[str, str], object]:
    """Every block of an export by tag and name: from a file of its own, or from where it stands."""
    own: dict[tuple[str, str], object] = {}
    inside: dict[tuple[str, str], object] = {}
    with tarfile.open(archive) as tar:
        for member in (one for one in tar.getmembers() if one.name.endswith(".xml")):
            root = etree.parse(tar.extractfile(member)).getroot()
            own[root.tag, Path(member.name).stem] = _value(root)
            inside |= {(node.tag, node.get("url_name")): _value(node) for node in root.iter(etree.Element)}
    return {key: value for key, value in {**inside, **own}.items() if key[0] != "course"}


def _value(node: etree._Element) -> object:
    attributes = {name: value for name, value in node.attrib.items() if name != "url_name"}
    inside = [(child.tag, dict(child.attrib), " ".join("".join(child.itertext()).split())) for child in node]
    return attributes, inside


RUN_BY_CODEJAIL = """
import json, tempfile, zipfile
from pathlib import Path
from codejail.safe_exec import SafeExecException, safe_exec

folder = Path(tempfile.mkdtemp())
(folder / "trees.py").write_text("OAK = 7")
(folder / "word.txt").write_text("ash")
(folder / "data" / "deep").mkdir(parents=True)
(folder / "data" / "deep" / "end.txt").write_text("!")
left = {"a": 2, "unsafe": object()}
safe_exec("import trees; b = a * trees.OAK; c = open('word.txt').read() + open('more').read()"
    "; c += open('data/deep/end.txt').read()", left,
    files=[str(folder / "word.txt"), str(folder / "data")], python_path=[str(folder)], extra_files=[("more", b"es")])
try:
    safe_exec("open('/etc/passwd')", {})
    failed = ""
except SafeExecException as error:
    failed = str(error)
print(json.dumps([left["b"], left["c"], failed]))
"""


def test_what_packages_run_by_codejail_runs_in_the_sandbox(site: Site) -> None:
    product, words, failed = json.loads(site.python(RUN_BY_CODEJAIL))

    assert (product, words) == (14, "ashes!")
    assert "/etc/passwd" in failed
