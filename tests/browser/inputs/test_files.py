"""Files are checked before they are sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from lykeion.blocks.builtin.problem import page as problem_page
from lykeion.capa import api as capa
from lykeion.capa.types import View
from tests.browser.conftest import violations
from tests.browser.uipages import ORIGIN, Stage


@pytest.mark.urls("tests.ui.urls")
def test_files_are_checked_before_they_are_sent(browser: Browser) -> None:
    with browser.new_context(base_url=ORIGIN) as context:
        stage = Stage(context.new_page())
        stage.page.route("**/*", stage.answer)
        stage.put_json("/x/problem_check", {"success": "stale"})
        stage.open(f"<h1>Unit</h1>{_file_problem()}")
        chooser, fault = stage.page.get_by_label("Hand in"), stage.page.get_by_role("alert").filter(has_text="only")

        chooser.set_input_files({"name": "c.py", "mimeType": "text/plain", "buffer": b"1"})
        expect(fault).to_have_text("You submitted c.py; only a.py, b.py are allowed.")
        stage.page.get_by_role("button", name="Submit").click()
        assert stage.posts == []
        assert violations(stage.page) == []

        chooser.set_input_files({"name": "b.py", "mimeType": "text/plain", "buffer": b"1"})
        expect(stage.page.locator(".capa-fault")).to_have_text("You did not submit the required files: a.py.")
        chooser.set_input_files([{"name": "a.py", "mimeType": "text/plain", "buffer": b"print(1)"}])
        expect(stage.page.locator(".capa-fault")).to_be_empty()
        with stage.page.expect_request("**/problem_check") as sent:
            stage.page.get_by_role("button", name="Submit").click()

        assert b'name="input_p_2_1[]"; filename="a.py"' in (sent.value.post_data_buffer or b"")


def _file_problem() -> str:
    problem = capa.parse(
        '<problem><coderesponse queuename="q"><label>Hand in</label><filesubmission allowed_files="a.py b.py" '
        'required_files="a.py"/><codeparam/></coderesponse></problem>',
        problem_id="p",
        seed=1,
    )
    face = problem_page.Face(
        problem_id="p",
        waiting=False,
        usage="block-p",
        title="Files",
        url="/x",
        token="t",
        csrf="",
        progress="",
        attempts="",
        closed="",
        can_submit=True,
        shows_save=False,
        shows_reset=False,
        shows_answer=False,
        answer_shown=False,
        hints=0,
        notice=None,
        gettext=str,
    )
    return problem_page.problem_html(face, problem.render(View()))
