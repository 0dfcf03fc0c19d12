"""A course with authors' pages and pictures to place things in, as its author would write it."""

from __future__ import annotations

from pathlib import Path

RUN = "course-v1:Lyk+PLAY1+2026"
ANSWER = '<answer type="loncapa/python">correct = ["correct"]</answer>'
STATEFUL = 'gradefn="Dial.getGrade" get_statefn="Dial.getState" set_statefn="Dial.setState"'
PROBLEMS = {
    "called": f"""<customresponse><label>Turn the dial to 7</label>
        <jsinput html_file="/static/sim/dial.html" {STATEFUL} initial_state='{{"turned": 3}}'
          width="500" height="120" title="Dial"/>{ANSWER}</customresponse>""",
    "channel": f"""<customresponse><jsinput html_file="/static/talking.html" {STATEFUL} sop="false"
          initial_state='{{"turned": 2}}' title="Talking dial"/>{ANSWER}</customresponse>""",
    "mute": f"""<customresponse><jsinput html_file="/static/mute.html" {STATEFUL} sop="false"
          title="Mute page"/>{ANSWER}</customresponse>""",
    "places": f"""<customresponse><label>Name the parts</label>
        <drag_and_drop_input img="/static/tree.svg" alt="A tree" target_outline="true" label_bg_color="#222">
          <draggable id="crown" label="Crown"/><draggable id="trunk" label="Trunk"/>
          <draggable id="bird" icon="/static/bird.svg" label="Bird" can_reuse="true"/>
          <target id="t_top" x="220" y="40" w="160" h="80"/><target id="t_mid" x="220" y="200" w="160" h="80"/>
          <target id="t_left" x="20" y="300" w="120" h="80" label="In the grass"/>
        </drag_and_drop_input>{ANSWER}</customresponse>""",
    "judged": """<script type="loncapa/python">
def check(expect, ans):
    return draganddrop.grade(ans, {"crown": "t_top", "egg": "t_top[crown][in]"})
        </script><customresponse cfn="check"><drag_and_drop_input img="/static/tree.svg" alt="A tree">
          <draggable id="crown" icon="/static/nest.svg" label="Crown"><target id="in" x="10" y="10" w="60" h="30"/>
          </draggable><draggable id="egg" label="Egg"/><target id="t_top" x="220" y="40" w="160" h="80"/>
        </drag_and_drop_input></customresponse>""",
    "dialled": f"""<script type="loncapa/python">
import json
def check(expect, ans):
    return json.loads(json.loads(ans)["answer"]) == "right at 7"
        </script><customresponse cfn="check"><jsinput html_file="/static/talking.html" {STATEFUL} sop="false"
          initial_state='{{"turned": 6}}' title="Dial"/></customresponse>""",
    "anywhere": f"""<customresponse><drag_and_drop_input img="/static/tree.svg" alt="A tree">
          <draggable id="bird" icon="/static/bird.svg" label="Bird"/><draggable id="sun" label="Sun"/>
        </drag_and_drop_input>{ANSWER}</customresponse>""",
    "nested": f"""<customresponse><drag_and_drop_input img="/static/tree.svg" alt="A tree">
          <draggable id="nest" icon="/static/nest.svg" label="Nest"><target id="in" x="10" y="10" w="60" h="30"/>
          </draggable><draggable id="egg" label="Egg" can_reuse="true"/>
          <target id="fork" x="220" y="60" w="160" h="120"/>
        </drag_and_drop_input>{ANSWER}</customresponse>""",
}
DIAL = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Dial</title>{head}</head><body>
<button id="more">Turn</button> <output id="out">0</output><script>{script}</script></body></html>"""
OWN = """
  var turned = 0;
  var show = function () { document.getElementById("out").textContent = turned; };
  document.getElementById("more").onclick = function () { turned += 1; show(); };
  var Dial = {
    getGrade: function () { return JSON.stringify(turned === 7 ? "right at " + turned : "wrong"); },
    getState: function () { return JSON.stringify({turned: turned, quirks: document.compatMode}); },
    setState: function (state) { turned = JSON.parse(state).turned; show(); }
  };
"""
# The far side of a channel, as strict as the library that authors use: ready once, JSON texts, ids that are not zero.
TALKING = (
    OWN
    + """
  var ready = false;
  function post(message) { parent.postMessage(JSON.stringify(message), "*"); }
  addEventListener("message", function (event) {
    if (event.source !== parent) return;
    var message = JSON.parse(event.data), name = message.method.split("::");
    if (name[0] !== "JSInput") return;
    if (name[1] === "__ready") {
      if (!ready && message.params === "ping") post({method: "JSInput::__ready", params: "pong"});
      ready = true;
      return;
    }
    if (!message.id || !ready) throw "not yet";
    post({id: message.id, result: Dial[name[1]](message.params)});
  });
  setTimeout(function () { post({method: "JSInput::__ready", params: "ping"}); }, 300);
"""
)


def _svg(width: int, height: int, shapes: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">{shapes}</svg>'


FILES = {
    "sim/dial.html": DIAL.format(head="", script="").replace("<script></script>", '<script src="dial.js"></script>'),
    "sim/dial.js": f"setTimeout(function () {{ {OWN} ; window.Dial = Dial; }}, 700);",
    "talking.html": DIAL.format(head="", script=TALKING),
    "mute.html": DIAL.format(head="", script=""),
    "tree.svg": _svg(
        600,
        400,
        '<path fill="#dceefb" d="M0 0h600v400H0z"/><path fill="#7aa35a" d="M0 330h600v70H0z"/>'
        '<path fill="#7b5a3a" d="M270 150h60v190h-60z"/><circle cx="300" cy="110" r="100" fill="#3f7d4e"/>',
    ),
    "bird.svg": _svg(60, 40, '<ellipse cx="30" cy="20" rx="26" ry="14" fill="#a33"/>'),
    "nest.svg": _svg(80, 50, '<path d="M0 10h80l-15 40H15z" fill="#8a6a3a"/>'),
}


def write_course(folder: Path) -> Path:
    """The course as OLX in ``folder``: one unit a problem."""
    units = "".join(
        f'<vertical url_name="u_{name}" display_name="{name}"><problem url_name="{name}" display_name="{name}" '
        f'force_save_button="true">{xml}</problem></vertical>'
        for name, xml in PROBLEMS.items()
    )
    folder.mkdir(parents=True)
    (folder / "course.xml").write_text(
        '<course org="Lyk" course="PLAY1" url_name="2026" display_name="Play" start="2020-01-01T00:00:00Z">'
        f'<chapter url_name="c"><sequential url_name="s">{units}</sequential></chapter></course>',
        encoding="utf-8",
    )
    for name, text in FILES.items():
        path = folder / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder
