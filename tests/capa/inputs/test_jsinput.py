"""An author's page as an input: where it comes from decides what it may do."""

import pytest
from lxml import html

from lykeion.capa import api as capa
from lykeion.capa.types import View

STRICT = {"allow-scripts", "allow-forms", "allow-popups", "allow-pointer-lock", "allow-downloads"}


def shown(attributes: str, value: object = None) -> html.HtmlElement:
    xml = f"<problem><customresponse><jsinput {attributes}/><answer>x</answer></customresponse></problem>"
    problem = capa.parse(xml, problem_id="p", seed=1)
    return html.fromstring(problem.render(View(answers={"p_2_1": value})))


def frame(attributes: str) -> html.HtmlElement:
    return shown(attributes).find(".//iframe")


def test_a_page_of_the_course_is_called_by_our_bridge_in_an_origin_of_its_own() -> None:
    found = frame('html_file="/static/a.html?x=1#top" gradefn="A.grade" title="Dial"')

    assert found.get("src") == "/static/a.html?x=1&jsinput=1#top"
    assert set(found.get("sandbox").split()) == STRICT
    assert (found.get("title"), found.get("width"), found.get("height")) == ("Dial", "400", "300")


def test_a_page_with_a_channel_needs_no_bridge() -> None:
    assert frame('html_file="/static/a.html" sop="false"').get("src") == "/static/a.html"


@pytest.mark.parametrize("address", ["https://elsewhere.test/a.html", "//elsewhere.test/a.html"])
def test_a_page_of_another_site_keeps_its_origin(address: str) -> None:
    found = frame(f'html_file="{address}" sop="false"')

    assert found.get("src") == address
    assert set(found.get("sandbox").split()) == STRICT | {"allow-same-origin"}


@pytest.mark.parametrize("address", ["", "javascript:alert(1)", "data:text/html,x", "http:///x", "//", "http://[x"])
def test_what_is_no_page_is_not_shown(address: str) -> None:
    found = shown(f'html_file="{address}"')

    assert found.find(".//iframe") is None
    assert "its author has to name one" in found.text_content()


def test_what_was_kept_stands_in_the_field_and_what_the_author_wrote_beside_it() -> None:
    found = shown(
        'html_file="/static/a.html" gradefn="A.g" get_statefn="A.s" set_statefn="A.t" '
        'initial_state="{&quot;n&quot;: 1}"',
        '{"answer": "</input>", "state": "/static/x"}',
    )

    controller = found.find(".//*[@data-controller='jsinput']")
    assert {name: controller.get(f"data-jsinput-{name}-value") for name in ("grade", "get", "set", "initial")} == {
        "grade": "A.g",
        "get": "A.s",
        "set": "A.t",
        "initial": '{"n": 1}',
    }
    assert found.find(".//input[@name='input_p_2_1']").get("value") == '{"answer": "</input>", "state": "/static/x"}'


@pytest.mark.parametrize(
    ("written", "used"),
    [("600", "600"), ("100%", "100%"), ("20px", "20"), ("wide", "400"), ("99999", "400"), ("0", "400")],
)
def test_a_slip_in_a_size_hides_nothing(written: str, used: str) -> None:
    assert frame(f'html_file="/static/a.html" width="{written}"').get("width") == used
