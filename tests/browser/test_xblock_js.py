"""The world that blocks made for Open edX expect in the browser, with the scripts of acid, unchanged."""

from __future__ import annotations

import html
import json
from collections.abc import Iterator
from importlib.resources import files
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.uipages import ORIGIN, Stage

SCRIPTS = '<script src="/static/ui/xblock.js"></script>'
PREFIX = "/courses/course-v1:L+A+1/xblock/block-v1:L+A+1+type@{type}+block@{name}/handler"


@pytest.fixture
def stage(browser: Browser) -> Iterator[Stage]:
    """A page on a made-up site; a script error fails the test."""
    assert finders.find("ui/xblock.js"), "the assets are not built: run `npm run build`"
    with browser.new_context(base_url=ORIGIN) as context:
        stage = Stage(context.new_page())
        errors: list[str] = []
        stage.page.on("pageerror", lambda error: errors.append(str(error)))
        stage.page.route("**/*", stage.answer)
        yield stage
        assert errors == []


def block(name: str, init: str, inside: str = "", *, kind: str = "sample", args: object = None) -> str:
    """A block's wrapper, as the block runtime writes it."""
    script = '<script type="json/xblock-args" class="xblock-json-init-args xblock_json_init_args">'
    script = f"{script}{json.dumps(args)}</script>" if args is not None else ""
    return (
        f'<div class="xblock xblock-v1 xblock-student_view xblock-student_view-{kind}" data-block-type="{kind}"'
        f' data-usage-id="{name}" data-usage="{name}" data-name="{name}" data-init="{init}"'
        ' data-runtime-class="LmsRuntime" data-runtime-version="1"'
        f' data-handler-prefix="{PREFIX.format(type=kind, name=name)}">'
        f"{script}{inside}</div>"
    )


def aside(name: str, beside: str, init: str, inside: str = "", args: object = None) -> str:
    """An aside's wrapper."""
    wrapper = block(name, init, inside, kind="acid_aside", args=args)
    wrapper = wrapper.replace("xblock xblock-v1 xblock-student_view xblock-student_view-acid_aside", "xblock_asides-v1")
    return wrapper.replace("data-name=", f'data-block-id="{beside}" data-name=')


def test_blocks_start_from_the_inside_out_with_their_arguments(stage: Stage) -> None:
    inner = block("inner", "Sample", "in", args={"n": 1})
    outer = block("outer", "Sample", f"<div>{inner}</div>", args=["</script>".replace("/", "\\/")])
    script = """<script>
        var calls = [];
        function Sample(runtime, element, args) { calls.push([element.dataset.name, args]) }
    </script>"""

    stage.open(script + outer, head=SCRIPTS)

    assert stage.page.evaluate("calls") == [["inner", {"n": 1}], ["outer", ["<\\/script>"]]]


def test_a_block_starts_once_whoever_asks(stage: Stage) -> None:
    stage.open("<script>var n = 0; function Sample() { n += 1 }</script>" + block("a", "Sample"), head=SCRIPTS)

    same = stage.page.evaluate("""() => {
        const element = document.querySelector(".xblock");
        return XBlock.initializeBlock(element) === XBlock.initializeBlock($(element));
    }""")

    assert (same, stage.page.evaluate("n")) == (True, 1)


def test_start_functions_may_be_constructors_factories_or_arrows(stage: Stage) -> None:
    script = """<script>
        class Classy { constructor(runtime, element) { this.made = "class" } }
        window.Classy = Classy;
        function Factory() { return { made: "factory" } }
        window.Arrow = (runtime, element) => ({ made: "arrow" });
        function Plain() {}
        function Parent(runtime, element) {
            window.found = runtime.children(element).map((one) => [one.name, one.type, one.made]);
        }
    </script>"""
    children = "".join(block(name.lower(), name) for name in ("Classy", "Factory", "Arrow", "Plain"))

    stage.open(script + block("parent", "Parent", children), head=SCRIPTS)

    assert stage.page.evaluate("found") == [
        ["classy", "sample", "class"],
        ["factory", "sample", "factory"],
        ["arrow", "sample", "arrow"],
        ["plain", "sample", None],
    ]


def test_handler_addresses_follow_the_block_the_element_is_in(stage: Stage) -> None:
    script = "<script>function Sample(runtime, element) { window.runtime = runtime; window.element = element }</script>"
    stage.open(script + block("a", "Sample", "<p><b>x</b></p>"), head=SCRIPTS)
    prefix = PREFIX.format(type="sample", name="a")

    def address(arguments: str) -> object:
        return stage.page.evaluate(f"runtime.handlerUrl({arguments})")

    assert address("element, 'vote'") == f"{prefix}/vote"
    assert address("$(element), 'vote', 'up/1'") == f"{prefix}/vote/up/1"
    assert address("element.querySelector('b'), 'vote', '', 'a=1&b=2'") == f"{prefix}/vote?a=1&b=2"
    assert address("element, 'vote', 'up', 'a=1', true") == f"{prefix}_noauth/vote/up?a=1"


def test_what_one_block_tells_others_hear(stage: Stage) -> None:
    script = """<script>
        function Listener(runtime) { runtime.listenTo("save", (name, data) => { window.heard = [name, data] }) }
        function Speaker(runtime) { window.speak = () => runtime.notify("save", { state: "end" }) }
    </script>"""
    stage.open(script + block("a", "Listener") + block("b", "Speaker"), head=SCRIPTS)

    stage.page.evaluate("speak()")

    assert stage.page.evaluate("heard") == ["save", {"state": "end"}]


def test_jquery_carries_the_token_to_our_site_and_to_no_other(stage: Stage) -> None:
    stage.open("<p>Here</p>", head=SCRIPTS)
    token = stage.page.locator('meta[name="csrf-token"]').get_attribute("content")

    with stage.page.expect_request("**/mine") as mine:
        stage.page.evaluate("$.post('/mine', {a: 1})")
    with stage.page.expect_request("http://other.test/**") as other:
        stage.page.evaluate("void $.post('http://other.test/x', {a: 1})")

    assert mine.value.headers.get("x-csrftoken") == token
    assert "x-csrftoken" not in other.value.headers


def test_a_block_that_fails_does_not_stop_the_next(stage: Stage) -> None:
    script = "<script>function Bad() { throw new Error('no') } function Good() { window.good = true }</script>"

    stage.open(script + block("good", "Good") + block("bad", "Bad"), head=SCRIPTS)

    assert stage.page.evaluate("good") is True


def test_a_block_that_cannot_start_says_so_and_the_next_starts(stage: Stage) -> None:
    words = "This part could not start."
    scripts = f'<script src="/static/ui/xblock.js" data-failed="{words}"></script>'
    script = "<script>function Bad() { throw new Error('no') } function Good() { window.good = true }</script>"

    stage.open(script + block("bad", "Bad") + block("none", "Missing") + block("good", "Good"), head=scripts)

    expect(stage.page.locator('[data-name="bad"]')).to_have_text(words)
    expect(stage.page.locator('[data-name="none"]')).to_have_text(words)
    expect(stage.page.locator('[data-name="good"]')).to_have_text("")
    assert stage.page.evaluate("good") is True


def test_blocks_that_are_swapped_in_start_when_their_script_is_there(stage: Stage) -> None:
    stage.put("/late.js", "function Late(runtime, element) { element.append(' started') }", "text/javascript")
    stage.put("/later", block("late", "Late", "late") + '<script src="/late.js"></script>')
    stage.open('<div><button hx-get="/later" hx-swap="afterend">More</button></div>', head=SCRIPTS)

    stage.page.get_by_role("button", name="More").click()

    expect(stage.page.locator(".xblock")).to_have_text("late started")


def test_old_habits_are_served(stage: Stage) -> None:
    stage.open("<p id='tex'>\\(x\\)</p>", head=SCRIPTS)

    answers = stage.page.evaluate("""() => [
        _.map([1, 2], (n) => n + 1), gettext("a"), ngettext("%s thing", "%s things", 2),
        interpolate("%(n)s of %(m)s", {n: 1, m: 2}, true),
        edx.HtmlUtils.interpolateHtml(edx.HtmlUtils.HTML("<b>{a}</b>"), {a: "<i>"}).toString(),
    ]""")
    stage.page.evaluate("define('mine', ['jquery'], ($) => ({ isJquery: $ === jQuery }))")
    stage.page.evaluate("require(['mine'], (mine) => { window.got = mine.isJquery })")
    stage.page.evaluate("MathJax.Hub.Queue(['Typeset', MathJax.Hub, 'tex'], () => { window.set = true })")

    assert answers == [[2, 3], "a", "%s things", "1 of 2", "<b>&lt;i&gt;</b>"]
    assert stage.page.evaluate("got") is True
    expect(stage.page.locator("#tex mjx-container")).to_be_visible()
    stage.page.wait_for_function("window.set")


def test_what_blocks_log_goes_to_the_tracking_log(stage: Stage) -> None:
    stage.open("<p>Here</p>", head=SCRIPTS)

    with stage.page.expect_request("**/event") as sent:
        stage.page.evaluate("Logger.log('poll.voted', {choice: 1})")

    assert '"event_type":"poll.voted","event":"{\\"choice\\":1}"' in (sent.value.post_data or "")


def acid_body(name: str, kind: str, scopes: tuple[str, ...]) -> str:
    """What acid renders, with server-made addresses of its handler."""
    prefix = PREFIX.format(type=kind, name=name)
    marks = "".join(
        f'<td><span class="{side}-storage-test-{what}"></span></td>'
        for side in ("server", "client")
        for what in ("returned", "succeeded")
    )
    rows = "".join(
        f'<tr class="scope-storage-test" data-scope="{scope}" data-value="1"'
        f' data-handler-url="{html.escape(f"{prefix}/check_storage/SUFFIX1?QUERY=1&SCOPE={scope}")}">{marks}</tr>'
        for scope in scopes
    )
    return (
        '<div class="acid-block" data-success-class="good" data-failure-class="failed" data-error-class="broken"'
        ' data-local-resource-url="/resource.json"><span class="js-init-run"></span>'
        f'<span class="local-resource-test"></span><table>{rows}</table><p class="acid-dom"></p></div>'
    )


def check_storage(route: Route, request: Request) -> None:
    """Answer as acid's handler does: it wants its token, the value it gave, in suffix, query and body."""
    address, body = urlsplit(request.url), parse_qs(request.post_data or "")
    suffix, query = address.path.rsplit("/", 1)[1], parse_qs(address.query)
    value = int(suffix.removeprefix("SUFFIX"))
    wanted = [str(value)]
    same = query.get("QUERY") == wanted and body.get("VALUE") == wanted and "x-csrftoken" in request.headers
    scope = query["SCOPE"][0]
    answer = {"status": "ok" if same else "mismatch", "message": request.url, "value": value + 1}
    answer |= {"suffix": f"SUFFIX{value + 1}", "query": f"QUERY={value + 1}&SCOPE={scope}"}
    route.fulfill(body=json.dumps(answer), content_type="application/json")


def test_the_scripts_of_acid_mark_nothing_but_success(stage: Stage) -> None:
    acid = files("acid").joinpath("static", "js")
    names = ("jquery.ajaxq-0.0.1.js", "acid_update_status.js", "acid.js", "acid_parent.js")
    for name in names:
        stage.put(f"/{name}", acid.joinpath(name).read_text(), "text/javascript")
    stage.put_json("/resource.json", {"test_data": "success"})
    stage.page.route("**/check_storage/**", check_storage)
    scopes = ("user_state", "user_state_summary", "preferences", "user_info")
    child = block("kid", "AcidBlock", acid_body("kid", "acid", scopes), kind="acid")
    beside = aside(
        "kid-aside", "kid", "AcidAsideBlock", acid_body("kid-aside", "acid_aside", scopes), {"test_aside": True}
    )
    parent_body = (
        '<div class="acid-parent-block" data-success-class="good" data-failure-class="failed" data-error-class="broken"'
        ' data-acid-child-count="1"><script class="acid-child-values" type="application/json">{"kid": null}</script>'
        f'{acid_body("mum", "acid_parent", scopes)}<span class="child-counts-match"></span>'
        f'<span class="child-values-match"></span><div class="acid-children"><div>{child}{beside}</div></div></div>'
    )
    page = block("mum", "AcidParentBlock", parent_body, kind="acid_parent")

    stage.open(page, head=SCRIPTS + "".join(f'<script src="/{name}"></script>' for name in names))
    stage.page.wait_for_function(f"document.querySelectorAll('.good').length >= {3 * (2 + 4 * 4) + 2 + 1}")

    assert stage.page.locator(".failed, .broken").count() == 0


def test_modules_are_fetched_by_address_and_by_name(stage: Stage) -> None:
    stage.put(
        "/mine.js",
        "define(['underscore', 'backbone'], (_, Backbone) => [_.VERSION, !!Backbone.Model])",
        "text/javascript",
    )
    umd = (
        "(function (f) { typeof define === 'function' && define.amd ? define([], f) : window.Umd = f() })(() => 'umd')"
    )
    stage.put("/lib/umd.js", umd, "text/javascript")
    stage.put("/plain.js", "window.plain = 'plain'", "text/javascript")
    stage.open(block("a", "Sample") + "<script>function Sample() {}</script>", head=SCRIPTS)

    got = stage.page.evaluate(
        """() => new Promise((done) => {
            require.config({ paths: { umd: "/lib/umd" } });
            require(["/mine.js", "umd", "/plain.js"], (mine, umd) => done([mine[1], umd, window.plain, window.Umd]));
        })"""
    )

    assert got == [True, "umd", "plain", None]


def test_a_library_of_a_block_that_is_put_on_the_page_hangs_on_window(stage: Stage) -> None:
    umd = "<script>typeof define === 'function' && define.amd ? define([], () => 1) : window.Umd = 'here'</script>"
    stage.open(umd, head=SCRIPTS)

    assert stage.page.evaluate("Umd") == "here"


def test_older_jquery_is_understood(stage: Stage) -> None:
    stage.put_json("/answer", {"n": 1})
    stage.open("<i id='a'></i>", head=SCRIPTS)

    heard = stage.page.evaluate(
        """() => new Promise((done) => {
            const heard = [$("#a").size()];
            $("#a").error(() => heard.push("error")).trigger("error");
            $.ajax("/answer").success((answer) => heard.push(answer.n)).complete(() => done(heard));
        })"""
    )

    assert heard == [1, "error", 1]


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("backbone", "typeof Backbone.Model"),
        ("codemirror", "typeof CodeMirror.fromTextArea"),
        ("fileupload", "typeof $.fn.fileupload"),
        ("jquery-ui", "typeof $.ui.autocomplete"),
        ("qtip", "typeof $.fn.qtip"),
        ("small", "typeof $.fn.leanModal"),
        ("tinymce", "typeof $.fn.tinymce"),
        ("uri", "typeof URI('/a').addQuery"),
    ],
)
def test_every_library_that_blocks_are_lent_works_after_our_scripts(stage: Stage, name: str, there: str) -> None:
    stage.open("", head=f'{SCRIPTS}<script src="/static/ui/legacy/{name}.js"></script>')

    assert stage.page.evaluate(there) == "function"


def test_a_text_becomes_an_editor_with_the_paths_and_skin_of_open_edx(stage: Stage) -> None:
    scripts = f'{SCRIPTS}<script src="/static/ui/legacy/tinymce.js"></script>'
    stage.open("<textarea id='essay'>Trees</textarea>", head=scripts)

    stage.page.evaluate(
        """() => $("#essay").tinymce({ base_url: "/static/js/vendor/tinymce/js/tinymce/", theme: "silver",
            skin: "studio-tmce5", content_css: "studio-tmce5", plugins: "code image link lists" })"""
    )

    expect(stage.page.frame_locator(".tox-edit-area__iframe").locator("body")).to_have_text("Trees")


def test_cookies_and_dialogs_of_old(stage: Stage) -> None:
    page = (
        '<a id="open" href="#box">Open</a><div id="box" style="display: none">Box <button id="shut">Shut</button></div>'
    )
    stage.open(page, head=f'{SCRIPTS}<script src="/static/ui/legacy/small.js"></script>')
    stage.page.evaluate("$('#open').leanModal({ closeButton: '#shut' })")
    stage.page.click("#open")
    box = stage.page.locator("#box")

    expect(box).to_be_focused()
    stage.page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    stage.page.click("#open")
    stage.page.click("#shut")
    expect(box).to_be_hidden()
    assert stage.page.evaluate("$.cookie('leaf', 'a b', { path: '/' }); $.cookie('leaf')") == "a b"
    assert stage.page.evaluate("$.cookie('leaf', null, { path: '/' }); $.cookie('leaf')") is None
