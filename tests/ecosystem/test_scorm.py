"""openedx-scorm-xblock: packages of SCORM 1.2 and 2004, uploaded as Studio will, used by a learner."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
from playwright.sync_api import Page, Response, expect

from tests.ecosystem.hosts import Site

MANIFEST = """<?xml version="1.0"?>
<manifest identifier="m" version="1" xmlns="{namespace}">
  <metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>
  <organizations default="o"><organization identifier="o"><title>Trees</title>
    <item identifier="i" identifierref="r" isvisible="true"><title>Leaves</title></item></organization></organizations>
  <resources><resource identifier="r" type="webcontent" href="pages/start.html"><file href="pages/start.html"/>
  </resource></resources>
</manifest>"""
PAGE = """<!doctype html><title>Trees</title><link rel="stylesheet" href="look.css"><script src="../api.js"></script>
<h1>Trees</h1><button onclick="finish()">Finish</button>"""
# As real packages do, these look for the API until it is there: a frame may be ready before the page around it.
FIND = """let api; const looking = setInterval(() => {
  api = window.parent.%s; if (api) { clearInterval(looking); api.%s("") } }, 20);"""
TWELVE = (
    FIND % ("API", "LMSInitialize")
    + """function finish() {
  api.LMSSetValue("cmi.core.score.raw", "80"); api.LMSSetValue("cmi.core.lesson_status", "passed");
  api.LMSSetValue("cmi.suspend_data", "page 7"); api.LMSCommit(""); api.LMSFinish("") }"""
)
TWO_THOUSAND_FOUR = (
    FIND % ("API_1484_11", "Initialize")
    + """function finish() {
  api.SetValue("cmi.score.scaled", "0.5"); api.SetValue("cmi.completion_status", "completed");
  api.SetValue("cmi.success_status", "passed"); api.Commit(""); api.Terminate("") }"""
)
UPLOAD = """
import json, sys
from io import BytesIO
from django.contrib.auth import get_user_model
from webob import Request
from lykeion.blocks import handlers
from lykeion.blocks.runtime import BlockRuntime
from lykeion.core.clock import now
from lykeion.core.keys import run_of
from lykeion.courseware.entering import enter
from lykeion.courseware.visit import begin
bob = get_user_model().objects.get(username="bob")
runtime = BlockRuntime(begin(enter(bob, run_of("Eco", "Blocks", "2026"), now())).visit, authored={})
form = {"display_name": "Trees", "width": "", "height": "400", "has_score": "1", "enable_navigation_menu": "0",
        "enable_fullscreen_button": "0", "navigation_menu_width": "", "weight": WEIGHT, "popup_on_launch": "0",
        "file": ("package.zip", open(PACKAGE, "rb").read())}
answer = handlers.call(runtime, REF, "studio_submit", "", Request.blank("/", POST=form))
view = runtime.render(runtime.block(REF), "studio_view")
written = {name: value for values in runtime.fields.documents.authored.values() for name, value in values.items()}
print(json.dumps([answer.json, "package" in view.content.lower(), written]))
"""


@pytest.fixture(scope="module")
def packages(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site with both packages in the course."""
    folder = tmp_path_factory.mktemp("scorm")
    twelve = _package(folder / "12.zip", "1.2", TWELVE)
    later = _package(folder / "2004.zip", "2004 3rd Edition", TWO_THOUSAND_FOUR)
    blocks = _uploaded(site, twelve, "scorm@package12", "5") + _uploaded(site, later, "scorm@package2004", "2")
    site.publish({"scorm": f'<vertical url_name="scorm" display_name="SCORM">{blocks}</vertical>'})
    return site


def test_a_package_of_scorm_12_grades_completes_and_comes_back(packages: Site, alice: Page) -> None:
    alice.goto(packages.unit("scorm"))
    block = alice.locator("[data-usage-id$='package12']")
    page = block.frame_locator("iframe")
    expect(page.get_by_role("heading", name="Trees")).to_be_visible()
    with alice.expect_response(_passed):
        page.get_by_role("button", name="Finish").click()

    expect(block.locator(".completion-status")).to_have_text("completed")
    expect(block.locator(".grade")).to_have_text("4")
    assert packages.score("alice", "scorm@package12") == (4.0, 5.0)
    assert packages.completion("alice", "scorm@package12") == 1.0
    assert packages.state("alice", "scorm@package12")["scorm_data"]["cmi.suspend_data"] == "page 7"

    alice.reload()

    assert alice.evaluate("window.API.LMSGetValue('cmi.suspend_data')") == "page 7"
    expect(block.locator(".completion-status")).to_have_text("completed")


def test_a_package_of_scorm_2004_grades_and_completes(packages: Site, alice: Page) -> None:
    alice.goto(packages.unit("scorm"))
    block = alice.locator("[data-usage-id$='package2004']")
    with alice.expect_response(_passed):
        block.frame_locator("iframe").get_by_role("button", name="Finish").click()

    expect(block.locator(".grade")).to_have_text("1")
    assert packages.score("alice", "scorm@package2004") == (1.0, 2.0)
    assert packages.completion("alice", "scorm@package2004") == 1.0
    assert packages.state("alice", "scorm@package2004")["success_status"] == "passed"


def _passed(response: Response) -> bool:
    """Whether it is the answer to the batch of values that says so: the first value goes ahead alone."""
    return response.url.endswith("/scorm_set_values") and "passed" in (response.request.post_data or "")


def _package(path: Path, version: str, script: str) -> Path:
    namespace = (
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
        if version == "1.2"
        else "http://www.imsglobal.org/xsd/imscp_v1p1"
    )
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("imsmanifest.xml", MANIFEST.format(namespace=namespace, version=version))
        package.writestr("pages/start.html", PAGE)
        package.writestr("pages/look.css", "h1 { color: green }")
        package.writestr("api.js", script)
    return path


def _uploaded(site: Site, package: Path, ref: str, weight: str) -> str:
    """The block's XML after ``package`` was uploaded to it."""
    code = UPLOAD.replace("PACKAGE", repr(str(package))).replace("REF", repr(ref)).replace("WEIGHT", repr(weight))
    answer, has_form, written = json.loads(site.python(code))
    assert (answer, has_form) == ({"result": "success", "errors": []}, True)
    name = ref.partition("@")[2]
    attributes = "".join(f" {name}={quoteattr(_text(value))}" for name, value in written.items() if value is not None)
    return f'<scorm url_name="{name}"{attributes}/>'


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
