"""The editor of problems: visual, in the simple syntax, as XML; settings; trying it out; new ones from templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from lykeion.authoring.api import problems
from lykeion.authoring.api.problems import ProblemDraft, Saved
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.capa import api as capa
from lykeion.capa.authoring.fields import fields_of, problem_of, question_row
from lykeion.capa.authoring.types import BeyondVisual, SimpleProblem
from lykeion.capa.types import CapaError
from lykeion.core.clock import now
from lykeion.studio.editors import base_of, editor_context, saved
from lykeion.studio.guards import in_course
from lykeion.studio.problemnotes import Note, markdown_notes, visual_notes, xml_notes
from lykeion.studio.views.problemtrial import try_context
from lykeion.ui.answers import is_background
from lykeion.ui.types import Link

Tabs = tuple[tuple[str, Any, str], ...]
TABS: Final[Tabs] = (
    ("visual", gettext_lazy("Visual"), "edit"),
    ("markdown", gettext_lazy("Markdown"), "text"),
    ("xml", gettext_lazy("XML"), "file"),
    ("settings", gettext_lazy("Settings"), "settings"),
    ("try", gettext_lazy("Try it"), "play"),
)
KINDS: Final = tuple(template for template in capa.TEMPLATES if template.kind is not None)
ADVANCED: Final = tuple(template for template in capa.TEMPLATES if template.kind is None)
_TEMPLATES: Final = {"simple": KINDS, "advanced": ADVANCED}
NEW_QUESTION: Final = "__q__"  # what the page's script puts a fresh number for


def editor(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """One tab of the editor; a POST saves what the tab ``tab`` says."""
    if request.method == "POST":
        return _save(request, author, ref)
    draft = problems.open_problem(author, ref)
    if draft.is_empty and "tab" not in request.GET:
        return render(request, "studio/problem/begin.html", editor_context(author, ref, **_TEMPLATES))
    tab = request.GET.get("tab") or _first_tab(draft)
    build = _CONTEXTS.get(tab)
    if build is None:
        raise AuthoringError(_("The editor of problems has no tab {tab}.").format(tab=tab))
    context = editor_context(author, ref, tab=tab, tabs=_tabs(author, ref, tab))
    return render(request, f"studio/problem/{tab}.html", {**context, **build(request, author, draft)})


def _first_tab(draft: ProblemDraft) -> str:
    """As it was edited last, or where there is most help for it."""
    if draft.written_simply:
        return "markdown"
    try:
        draft.visual()
    except CapaError:
        return "xml"
    return "visual"


def _tabs(author: Author, ref: str, here: str) -> list[Link]:
    address = reverse("studio:component", args=[author.run, ref])
    return [Link(str(label), f"{address}?tab={tab}", current=tab == here, icon=icon) for tab, label, icon in TABS]


def _visual(request: HttpRequest, author: Author, draft: ProblemDraft) -> dict[str, Any]:
    try:
        problem = draft.visual()
    except CapaError as beyond:
        line = beyond.line if isinstance(beyond, BeyondVisual) else None
        return {"beyond": _reason(beyond), "line": line}
    return {**_rows(problem), "notes": visual_notes(problem)}


def _reason(error: CapaError) -> str:
    return str(error)


def _rows(problem: SimpleProblem) -> dict[str, Any]:
    """The rows of the form, and an empty one of each kind for the script to copy."""
    fresh = [
        {"template": template, "row": _fresh(question_row(capa.new_question(template.kind, _), NEW_QUESTION))}
        for template in KINDS
        if template.kind is not None
    ]
    return {"rows": fields_of(problem), "fresh": fresh}


def _fresh(row: dict[str, Any]) -> dict[str, Any]:
    """A question whose words are not there yet: what a template says in their place is only a prompt."""
    return row | {"label": ""}


def _markdown(request: HttpRequest, author: Author, draft: ProblemDraft) -> dict[str, Any]:
    try:
        text = draft.markdown()
    except CapaError as beyond:
        return {"beyond": _reason(beyond), "line": getattr(beyond, "line", None)}
    return {"text": text, "notes": markdown_notes(text, draft.xml), "lines": _lines(text), "xml": draft.xml}


def _xml(request: HttpRequest, author: Author, draft: ProblemDraft) -> dict[str, Any]:
    text = draft.xml
    line = request.GET.get("line", "")
    return {
        "text": text,
        "notes": xml_notes(text),
        "lines": _lines(text),
        "words": capa.completions(_),
        "at_line": line if line.isdecimal() else "",
    }


def _lines(text: str) -> int:
    return min(max(text.count("\n") + 3, 12), 40)


def _settings(request: HttpRequest, author: Author, draft: ProblemDraft) -> dict[str, Any]:
    return {"settings": [_setting(setting, draft) for setting in problems.SETTINGS]}


def _setting(setting: problems.Setting, draft: ProblemDraft) -> dict[str, Any]:
    """A setting with its value as text, and the words for leaving it to others."""
    value = draft.fields.get(setting.name)
    words = {"": "", **{key: str(label) for key, label in setting.options}}
    inherited = _as_text(draft.inherited.get(setting.name, setting.usual) if setting.inherited else setting.usual)
    usual = words.get(inherited, inherited) or str(setting.usual_words)
    left = _("as the course has it: {value}") if setting.inherited else _("as usual: {value}")
    return {"setting": setting, "value": _as_text(value), "left": left.format(value=usual)}


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:g}" if isinstance(value, float) else str(value)


_CONTEXTS: Final[Mapping[str, Callable[[HttpRequest, Author, ProblemDraft], dict[str, Any]]]] = {
    "visual": _visual,
    "markdown": _markdown,
    "xml": _xml,
    "settings": _settings,
    "try": try_context,
}


# Saving


def _save(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Saves a tab; the answer has the notes about what was saved, as HTML."""
    tab = request.POST.get("tab", "")
    save = _SAVES.get(tab)
    if save is None:
        raise AuthoringError(_("The editor of problems cannot save {tab}.").format(tab=tab or "?"))
    title = request.POST.get("display_name")
    done, notes = save(request, author, ref, title=title if title is None else title.strip())
    if is_background(request):
        return saved(request, author, ref, done.base, notes=_notes_html(notes), xml=done.xml)
    response = HttpResponseRedirect(f"{reverse('studio:component', args=[author.run, ref])}?tab={tab}")
    response.status_code = 303
    return response


def _notes_html(notes: list[Note]) -> str:
    return render_to_string("studio/problem/notes.html", {"notes": notes})


Outcome = tuple[Saved, list[Note]]


def _save_visual(request: HttpRequest, author: Author, ref: str, *, title: str | None) -> Outcome:
    problem = _sent(request)
    done = problems.save_visual(author, ref, problem, title=title, base=base_of(request), at=now())
    return done, visual_notes(problem)


def _sent(request: HttpRequest) -> SimpleProblem:
    """The problem that the visual form says."""
    fields = ((name, value) for name, values in request.POST.lists() for value in values if isinstance(value, str))
    try:
        return problem_of(fields)
    except ValueError as error:
        raise AuthoringError(_("The form cannot be read: {error}.").format(error=error)) from error


def _save_markdown(request: HttpRequest, author: Author, ref: str, *, title: str | None) -> Outcome:
    text = request.POST.get("markdown", "").replace("\r\n", "\n")
    done = problems.save_markdown(author, ref, text, title=title, base=base_of(request), at=now())
    return done, markdown_notes(text, done.xml)


def _save_xml(request: HttpRequest, author: Author, ref: str, *, title: str | None) -> Outcome:
    text = request.POST.get("xml", "").replace("\r\n", "\n")
    done = problems.save_xml(author, ref, text, title=title, base=base_of(request), at=now())
    return done, xml_notes(text)


def _save_settings(request: HttpRequest, author: Author, ref: str, *, title: str | None) -> Outcome:
    form = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    return problems.save_settings(author, ref, form, title=title, base=base_of(request), at=now()), []


_SAVES: Final[Mapping[str, Callable[..., Outcome]]] = {
    "visual": _save_visual,
    "markdown": _save_markdown,
    "xml": _save_xml,
    "settings": _save_settings,
}


@require_POST
@in_course(Capability.EDIT, libraries=True)
def check(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """What is wrong in the XML that is being typed; nothing is saved."""
    notes = xml_notes(request.POST.get("xml", "").replace("\r\n", "\n"))
    return JsonResponse({"marks": [note.to_json() for note in notes], "notes": _notes_html(notes)})


@require_POST
@in_course(Capability.EDIT, libraries=True)
def rows(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The visual form filled with what is sent: for what was typed before a browser closed. Nothing is saved."""
    return render(request, "studio/problem/rows.html", {"run": author.run, **_rows(_sent(request))})


@require_POST
@in_course(Capability.EDIT, libraries=True)
def fill(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Makes an empty problem into one of a template, and opens it; the blank one as it is."""
    template = request.POST.get("template", "")
    if template != "blank":
        problems.fill(author, ref, template, base=base_of(request), at=now())
    address = reverse("studio:component", args=[author.run, ref])
    return HttpResponseRedirect(f"{address}?tab=visual" if template == "blank" else address)
