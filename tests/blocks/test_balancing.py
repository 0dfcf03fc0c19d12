"""HTML that ends where it began. What a browser makes of it is tried in ``tests/browser/test_balancing.py``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lykeion.blocks import api
from lykeion.blocks.balancing import balanced
from tests.blocks.visits import Block, visit
from tests.capa.test_scripts import Runner

WHOLE = [
    "no tags at all, 1 < 2",
    "<p>One<p>Two<br>three<img src=x>",
    "<ul><li>One<li>Two</ul><dl><dt>a<dd>b<dt>c</dl>",
    "<table><tr><td>a<td>b<tr><th>c</table>",
    "<table><tr><td></div>inside of a cell</td></tr></table>".replace("</div>", ""),
    "<div title='</div>' data-x=\"<div>\">x</div>",
    "<DIV>x</div >",
    '<script>if (a < b) { document.write("</div><div>") }</script>',
    "<style>a > b { content: '</div>' }</style><textarea><div></textarea><title></div></title>",
    "<!-- </div> --><!--> <!--->",
    "<svg viewBox='0 0 1 1'><a/><title/><g><path d='M0 0'/></g></svg>",
    "<math><mi>x</mi></math>",
    "<b><p>bold<p>and more</b> not",
    "<form><div>x</form></div>",
    "<!DOCTYPE html><html><body><p>a whole page</body></html>",
    "<select><option>1<option>2</select>",
    "<h2>said in</h3> another size",
    "<template><td></td></template>",
    "<my-part><span></my-part>",
]
TORN = {
    "x</div>y": "xy",
    "</div></li></ol></main></article></section>x": "x",
    "<div>x": "<div>x</div>",
    "<div><section>x": "<div><section>x</section></div>",
    "<b>bold": "<b>bold</b>",
    "<div><i>x</div>y": "<div><i>x</div>y</i>",
    "<a name=top /><p>x": "<a name=top /><p>x</a>",
    "<div/>x": "<div/>x</div>",
    "<table><tr><td>x</div>y": "<table><tr><td>xy</td></table>",
    "<table><tr><td><div>x<td></table></div>": "<table><tr><td><div>x<td></table>",
    "<ul><li>x</li></li></ul>": "<ul><li>x</li></ul>",
    "<li>a<li>b</li></li>": "<li>a<li>b</li>",
    "<form>x": "<form>x</form>",
    "<!-- never ends </div>": "<!-- never ends </div>-->",
    "<script>x": "<script>x</script>",
    "<textarea><div>": "<textarea><div></textarea>",
    "x<div class='a": "x",
    "x<!DOCTYPE": "x",
    "<svg><foreignObject><div></svg>": "<svg><foreignObject><div></div></foreignobject></svg>",
    "<svg><foreignObject><p>x</foreignObject></svg>": "<svg><foreignObject><p>x</p></foreignobject></svg>",
    "x<plaintext>y": "xy",
    "<td></div>": "<td>",
    "<select><option>x</div>": "<select><option>x</select>",
    "<div><a href='x'></div><p>y</p>": "<div><a href='x'></div><p>y</p></a>",
}


@pytest.mark.parametrize("html", WHOLE)
def test_what_ends_where_it_began_is_the_same_string(html: str) -> None:
    assert balanced(html) is html


@pytest.mark.parametrize("html", TORN)
def test_what_is_left_open_is_closed_and_what_closes_too_much_goes(html: str) -> None:
    assert balanced(html) == TORN[html]


ENDS = ["</b>", "</a>", "<table>", "</table>", "<td>", "</p>", "<object>", "</svg>", "<svg>", "<!--", "="]


PIECES = [
    piece for piece in [*WHOLE, *TORN, *ENDS] if "foreignObject" not in piece
]  # HTML in drawings is not all known


@given(st.lists(st.sampled_from(PIECES), max_size=8))
def test_what_was_balanced_once_stays_as_it_is(pieces: list[str]) -> None:
    once = balanced("".join(pieces))

    assert balanced(once) == once


def test_a_component_that_ends_too_often_ends_only_itself() -> None:
    texts = [Block("html", "a", {"data": "<div>one</div></div><b>two"}), Block("html", "b", {"data": "three"})]

    page = api.render_unit_blocks(visit(*texts), ["html@a", "html@b"])

    assert page["html@a"].html.endswith("><div>one</div><b>two</b></div>")
    assert page["html@b"].html.endswith(">three</div>")


class Kept(Runner):
    """A runner that problems are kept under, as a site's are."""

    __hash__ = object.__hash__


def test_what_a_problems_script_writes_ends_in_the_problem() -> None:
    script = "<script type='loncapa/python'>late = ...</script>"
    problem = Block("problem", "p", {"data": f"<problem>{script}<p>$late</p></problem>"})
    runner = Kept({"late": "</form></div><i>slanted"})

    page = api.render_unit_blocks(visit(problem, script_runner=runner), ["problem@p"])

    assert '<div class="problem-questions"><p><i>slanted</p></i></div>' in page["problem@p"].html
