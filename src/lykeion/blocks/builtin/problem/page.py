"""The HTML around the questions of a problem: title, points, buttons, notices. Plain Python, for speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final

from lykeion.capa import rules
from lykeion.capa.inputs.base import status_icon
from lykeion.capa.types import CapaError, GraderNotAllowed, InputResult, ProblemError, ScriptsUnavailable

Translate = Callable[[str], str]
_INFO_ICON: Final = '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 7.6v.2"/>'


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about what happened. `kind`: correct, partially-correct, incorrect, submitted, saved, info, error."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Face:
    """All that stands around the questions, decided."""

    problem_id: str
    waiting: bool
    usage: str
    title: str
    url: str
    token: str
    csrf: str
    progress: str
    attempts: str
    closed: str
    can_submit: bool
    shows_save: bool
    shows_reset: bool
    shows_answer: bool
    answer_shown: bool
    hints: int
    notice: Notice | None
    gettext: Translate


def problem_html(face: Face, questions: str) -> str:
    """The problem as a form that works without scripts, and better with them."""
    id_, url = escape(face.problem_id), escape(face.url)
    csrf = f'<input type="hidden" name="csrfmiddlewaretoken" value="{escape(face.csrf)}">' if face.csrf else ""
    progress = f'<p class="problem-points" id="{id_}-points">{escape(face.progress)}</p>' if face.progress else ""
    files = ' enctype="multipart/form-data"' if 'type="file"' in questions else ""
    return (
        f'<div class="problem" id="problem_{id_}" data-controller="problem" data-problem-url-value="{url}" '
        f'data-problem-key-value="{escape(face.usage)}" data-problem-waiting-value="{str(face.waiting).lower()}"'
        f"{_sentences(face.gettext)}>"
        f'<h2 class="problem-title" id="{id_}-title">{escape(face.title)}</h2>{progress}'
        f'<form class="problem-form" method="post" action="{url}/problem_check"{files} aria-labelledby="{id_}-title" '
        f'data-action="problem#submit input->problem#keep change->problem#keep">'
        f'{csrf}<input type="hidden" name="submission_token" value="{escape(face.token)}">'
        f'<div class="problem-questions">{questions}</div>'
        f'<div class="problem-hints" data-problem-target="hints" aria-live="polite"></div>'
        f"{notice_html(face.notice)}{_actions(face, url)}</form></div>"
    )


def _sentences(_: Translate) -> str:
    """What the script may have to say."""
    sentences = {
        "failed": _("That did not work. What you entered is still here; try again."),
        "offline": _(
            "There is no connection. What you entered is kept on this device; send it when you are back online."
        ),
        "restored": _("What you entered before and did not submit is here again."),
        "empty": _("Nothing is answered yet, so nothing was sent."),
    }
    return "".join(f' data-problem-{name}-value="{escape(text)}"' for name, text in sentences.items())


def _actions(face: Face, url: str) -> str:
    _ = face.gettext
    submit = _button(_("Submit"), "button button-primary", "", disabled=not face.can_submit, extra="")
    quiet = []
    if face.shows_save:
        quiet.append(_button(_("Save"), "button", f"{url}/problem_save", extra=' data-dispatch="problem_save"'))
    if face.shows_reset:
        quiet.append(_button(_("Reset"), "button", f"{url}/problem_reset", extra=' data-dispatch="problem_reset"'))
    if face.hints:
        quiet.append(_scripted(_("Hint"), "hint"))
    if face.shows_answer and not face.answer_shown:
        quiet.append(_scripted(_("Show answer"), "reveal"))
    words = " ".join(filter(None, (face.attempts, face.closed)))
    attempts = f'<span class="problem-attempts">{escape(words)}</span>' if words else ""
    return f'<div class="problem-actions">{submit}{attempts}<span class="problem-more">{"".join(quiet)}</span></div>'


def _button(text: str, css: str, address: str, *, disabled: bool = False, extra: str = "") -> str:
    where = f' formaction="{address}" formnovalidate' if address else ""
    off = " disabled" if disabled else ""
    return f'<button type="submit" class="{css}"{where}{extra}{off}>{escape(text)}</button>'


def _scripted(text: str, action: str) -> str:
    """A button that needs the script; hidden until the script is there."""
    return (
        f'<button type="button" class="button button-quiet" data-action="problem#{action}" '
        f'data-problem-target="scripted" hidden>{escape(text)}</button>'
    )


def notice_html(notice: Notice | None) -> str:
    """The notice in a place that can take the focus; the place is there when there is nothing to say, too."""
    if notice is None:
        return '<div class="problem-notice" data-problem-target="notice" tabindex="-1" hidden></div>'
    icon = status_icon(notice.kind) or _INFO_ICON
    return (
        f'<div class="problem-notice {escape(notice.kind)}" data-problem-target="notice" tabindex="-1">'
        f"{_icon(icon)}<p>{escape(notice.text)}</p></div>"
    )


def standing_notice(
    results: Mapping[str, InputResult],
    score: rules.Score,
    state: rules.ProblemState,
    *,
    hidden: bool,
    now: datetime,
    _: Translate,
) -> Notice | None:
    """What the last submission came to; None before the first."""
    if state.has_saved_answers:
        return Notice("saved", _("Your answers were previously saved. Click 'Submit' to grade them."))
    if not state.done:
        return None
    if hidden:
        return Notice("submitted", _("Answer submitted."))
    if any(result.queuestate for result in results.values()):
        return Notice("queued", _waiting_text(state, now, _))
    kind = _kind({result.correctness for result in results.values()})
    words = {"correct": _("Correct"), "incorrect": _("Incorrect"), "partially-correct": _("Partially correct")}
    if kind not in words:
        return Notice(kind, _("Answer submitted."))
    return Notice(kind, f"{words[kind]}{_points_in_brackets(score, _)}")


def _waiting_text(state: rules.ProblemState, now: datetime, _: Translate) -> str:
    """That the grader did not answer yet, and how long that has been so."""
    minutes = 0 if state.last_submission is None else int((now - state.last_submission).total_seconds()) // 60
    if minutes < 1:
        return _("Answer submitted. It waits to be graded; you may leave this page.")
    words = _("Answer submitted {age} ago. It waits to be graded; you may leave this page.")
    return words.format(age=duration_text(minutes * 60, _))


def _kind(statuses: set[str]) -> str:
    if statuses & {"queued", "incomplete"}:
        return "queued"
    if statuses <= {"correct"}:
        return "correct"
    return "incorrect" if statuses == {"incorrect"} else "partially-correct"


def _points_in_brackets(score: rules.Score, _: Translate) -> str:
    if not score.raw_possible:
        return ""
    earned, possible = rules.number_text(score.raw_earned), rules.number_text(score.raw_possible)
    words = _("({earned}/{possible} point)") if score.raw_possible == 1 else _("({earned}/{possible} points)")
    return " " + words.format(earned=earned, possible=possible)


def progress_text(score: rules.Score, *, attempted: bool, graded: bool, hidden: bool, _: Translate) -> str:
    """The points of the problem, in words; nothing for a problem without points."""
    if not score.raw_possible:
        return ""
    one = score.raw_possible == 1
    earned, possible = rules.number_text(score.raw_earned), rules.number_text(score.raw_possible)
    if attempted and not hidden:
        points = _("{earned}/{possible} point") if one else _("{earned}/{possible} points")
    else:
        points = _("{possible} point possible") if one else _("{possible} points possible")
    kind = _("graded") if graded else _("ungraded")
    results = ", " + _("results hidden") if hidden else ""
    return f"{points.format(earned=earned, possible=possible)} ({kind}{results})"


def closed_text(settings: rules.ProblemSettings, state: rules.ProblemState, now: datetime, _: Translate) -> str:
    """Why the submit button does not work, where the number of attempts does not say it."""
    if rules.is_past_due(settings, now):
        return _("The due date is over.")
    if rules.must_reset_first(settings, state) and not rules.attempts_used_up(settings, state):
        return _("Select Reset to try the next variant.")
    return ""


def attempts_text(used: int, most: int | None, _: Translate) -> str:
    """How many attempts are used; nothing where there is no limit."""
    if most is None:
        return ""
    words = _("You have used {used} of {most} attempt") if most == 1 else _("You have used {used} of {most} attempts")
    return words.format(used=used, most=most)


def duration_text(seconds: int, _: Translate) -> str:
    """A number of seconds in words."""
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = []
    for number, one, many in (
        (hours, _("{n} hour"), _("{n} hours")),
        (minutes, _("{n} minute"), _("{n} minutes")),
        (seconds, _("{n} second"), _("{n} seconds")),
    ):
        if number:
            parts.append((one if number == 1 else many).format(n=number))
    return ", ".join(parts) or _("{n} seconds").format(n=0)


def hints_html(hints: Sequence[str], count: int, _: Translate) -> str:
    """The hints asked for so far, as a list. They are the author's HTML."""
    label = _("Hint ({index} of {count}): ") if count > 1 else _("Hint: ")
    items = "".join(
        f"<li><strong>{escape(label.format(index=index, count=count))}</strong>{hint}</li>"
        for index, hint in enumerate(hints, 1)
    )
    return f'<ol class="problem-hint-list" role="list">{items}</ol>'


def status_html(status: str, _: Translate) -> str:
    """The mark that goes beside a right answer."""
    return f'<span class="capa-status {status}">{_icon(status_icon(status))}</span>'


def _icon(paths: str) -> str:
    return f'<svg class="capa-icon" viewBox="0 0 24 24" aria-hidden="true">{paths}</svg>'


def broken_text(error: CapaError, *, staff: bool, _: Translate) -> str:
    """A sentence for the learner; the reason for the course team."""
    if isinstance(error, GraderNotAllowed):
        return error.html(_)
    if isinstance(error, ScriptsUnavailable):
        text = _(
            "This problem needs a program of its author's, which cannot be run now. Try again later. Nothing was lost."
        )
    else:
        text = _("This problem has a mistake in it. It can be used once the course team mended it. Nothing was lost.")
    return f"{text} ({error})" if staff else text


def broken_html(title: str, error: CapaError, *, staff: bool, _: Translate) -> str:
    """A problem that cannot be shown: a box that says so."""
    text = broken_text(error, staff=False, _=_)
    detail = ""
    if staff:
        where = _("In the problem's XML: {error}") if isinstance(error, ProblemError) else "{error}"
        detail = f'<p class="problem-fault"><code>{escape(where.format(error=error))}</code></p>'
    return (
        f'<div class="problem problem-broken"><h2 class="problem-title">{escape(title)}</h2>'
        f'<div class="problem-notice error">{_icon(_INFO_ICON)}'
        f"<div><p>{escape(text)}</p>{detail}</div></div></div>"
    )


def public_html(title: str, _: Translate) -> str:
    """For visitors: problems are for those who signed in."""
    words = _("Sign in and enrol in the course to answer this problem.")
    return (
        f'<div class="problem"><h2 class="problem-title">{escape(title)}</h2>'
        f'<div class="problem-notice info">{_icon(_INFO_ICON)}'
        f"<p>{escape(words)}</p></div></div>"
    )
