"""A problem: questions that are graded at once. An adapter between XBlock and the problem language."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from web_fragments.fragment import Fragment
from webob import Request, Response
from xblock.completable import XBlockCompletionMode
from xblock.core import XBlock
from xblock.scorable import ScorableXBlockMixin
from xblock.scorable import Score as XBlockScore

from lykeion.blocks.balancing import balanced
from lykeion.blocks.builtin.problem import actions, page, replies, told
from lykeion.blocks.builtin.problem.fields import ProblemFields
from lykeion.blocks.types import ReplyTaken
from lykeion.capa import api as capa
from lykeion.capa import rules
from lykeion.capa.problem import Problem
from lykeion.capa.types import AnswerError, CapaError, InputResult, ScriptRunner, View, result_from_json
from lykeion.content.types import BlockFacts
from lykeion.core.lru import WeightedCache

_MAY_RUN_PYTHON = re.compile(r"<(script|answer|symbolicresponse)\b")
_UNFIT_FOR_AN_ID = re.compile(r"[^A-Za-z0-9_.-]")
PREFIX = "edx-platform."


_COMPILED: WeightedCache[tuple[object, ...], tuple[Problem, int]] = WeightedCache(4 << 20, lambda kept: kept[1])


def compiled(data: str, problem_id: str, seed: int, student_id: str, runner: ScriptRunner | None) -> Problem:
    """The compiled problem of an author's text: one for all learners who have the same variant.

    As many are kept as have four million letters together: memory follows the text (about ten bytes for each letter).
    """
    key = (data, problem_id, seed, student_id, runner)
    kept = _COMPILED.get(key)
    if kept is None:
        kept = capa.parse(data, problem_id=problem_id, seed=seed, student_id=student_id, runner=runner), 500 + len(data)
        _COMPILED.put(key, kept)
    return kept[0]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a learner stands with a problem at one moment, and what they may see of it."""

    settings: rules.ProblemSettings
    state: rules.ProblemState
    now: datetime
    visible: bool
    answers_open: bool
    results: Mapping[str, InputResult]

    @property
    def points(self) -> rules.Score:
        """The points as learners see them: weighted, and none at all for a weight of 0."""
        weight = self.settings.weight
        return rules.Score(0, 0) if weight == 0 else rules.weighted(self.state.score, weight)


@XBlock.needs("i18n")
@XBlock.wants("user", "sandbox", "cache", "replace_urls", "call_to_action", "graders")
class ProblemBlock(ProblemFields, ScorableXBlockMixin, XBlock):  # type: ignore[misc]
    """Shows the questions of ``data``, grades what learners answer, and tells grade, completion and events."""

    balanced = True
    has_score = True
    icon_class = "problem"
    completion_mode = XBlockCompletionMode.COMPLETABLE

    # What the platform asks without a learner

    @classmethod
    def facts(cls, fields: Mapping[str, Any]) -> BlockFacts:
        """Scored out of the sum of its inputs' points; complete once submitted."""
        return BlockFacts(
            has_score=True,
            max_score=capa.max_score(fields.get("data") or ""),
            completion=XBlockCompletionMode.COMPLETABLE,
            icon="problem",
        )

    def max_score(self) -> float:
        """The most raw points."""
        return capa.max_score(self.data or "")

    # Views

    @XBlock.supports("multi_device")  # type: ignore[untyped-decorator]
    def student_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """The questions in a form that works without scripts."""
        context = context or {}
        return Fragment(self.html(csrf=str(context.get("csrf_token") or ""), show=bool(context.get("show_answers"))))

    def public_view(self, context: Mapping[str, Any] | None = None) -> Fragment:
        """For visitors: the title, and that one must sign in."""
        return Fragment(page.public_html(self.title, self.gettext))

    def html(self, *, csrf: str = "", show: bool = False, notice: page.Notice | None = None) -> str:
        """The whole problem as this learner sees it now; a problem that cannot be shown says why."""
        try:
            problem = self.problem
            self._check_graders(problem)
        except CapaError as error:
            return page.broken_html(self.title, error, staff=self.is_staff, _=self.gettext)
        standing = self.standing()
        show = show and standing.answers_open
        questions = problem.render(self.view(standing, show=show))
        if problem.script:  # what stands in the XML ends there, what a script writes into it may not
            questions = balanced(questions)
        return self.with_addresses(page.problem_html(self.face(problem, standing, csrf, show, notice), questions))

    def _check_graders(self, problem: Problem) -> None:
        """Raises CapaError for graders that may not be asked."""
        if self.graders is not None:
            for url in problem.grader_urls:
                self.graders.check(url)

    def standing(self) -> Standing:
        """Everything that decides what this learner may see and do now, looked up once."""
        settings, state, now = self.settings, self.state, self.now
        return Standing(
            settings=settings,
            state=state,
            now=now,
            visible=rules.correctness_available(settings, now, staff=self.is_staff),
            answers_open=rules.answer_available(settings, state, now, staff=self.is_staff),
            results=self.results,
        )

    def face(
        self, problem: Problem, standing: Standing, csrf: str, show: bool, notice: page.Notice | None
    ) -> page.Face:
        """All that stands around the questions."""
        settings, state, now = standing.settings, standing.state, standing.now
        return page.Face(
            problem_id=self.problem_id,
            waiting=any(result.queuestate for result in standing.results.values()) or self.runs_something,
            usage=str(self.scope_ids.usage_id),
            title=self.title,
            url=self.url,
            token=self.submission_token,
            csrf=csrf,
            progress=page.progress_text(
                standing.points,
                attempted=state.attempts > 0,
                graded=settings.graded,
                hidden=not standing.visible,
                _=self.gettext,
            ),
            attempts=page.attempts_text(state.attempts, settings.max_attempts, self.gettext),
            closed=page.closed_text(settings, state, now, self.gettext),
            can_submit=rules.can_submit(settings, state, now),
            shows_save=rules.shows_save(settings, state, now),
            shows_reset=rules.shows_reset(settings, state, now, verdict_seen=standing.visible),
            shows_answer=standing.answers_open,
            answer_shown=show,
            hints=len(problem.demand_hints),
            notice=notice or self.standing_notice(standing),
            gettext=self.gettext,
        )

    def standing_notice(self, standing: Standing) -> page.Notice | None:
        """What the last submission came to."""
        return page.standing_notice(
            standing.results,
            standing.points,
            standing.state,
            hidden=not standing.visible,
            now=standing.now,
            _=self.gettext,
        )

    def view(self, standing: Standing, *, show: bool = False) -> View:
        """How the questions are rendered now: what was answered, and what of the verdict may be seen."""
        state = standing.state
        return View(
            answers=self.student_answers,
            correct_map={} if state.has_saved_answers else standing.results,
            done=state.done,
            statuses=standing.visible and not state.has_saved_answers,
            submitted=state.done and not state.has_saved_answers,
            show_answers=show,
            overall_message=self.overall_message if state.done else "",
            input_state=self.input_state,
            url=self.url,
            gettext=self.gettext,
        )

    # Handlers

    @XBlock.handler  # type: ignore[untyped-decorator]
    def xmodule_handler(self, request: Request, suffix: str = "") -> Response:
        """The actions of a learner, by the names that Open edX gives them.

        Only what was posted acts: a form carries a token, while any page can hold a link or a picture.
        """
        if request.method != "POST":
            return Response(status=405, allow="POST", json={"error": self.gettext("Send this as a form.")})
        action = actions.ACTIONS.get(suffix)
        if action is None:
            return Response(status=404, json={"error": self.gettext("There is no such action for a problem.")})
        before = self.progress
        try:
            status, reply = 200, action(self, request)
        except actions.Refused as refusal:
            status, reply = 404, {"success": False, "error": str(refusal)}
        except AnswerError as error:
            status, reply = 200, {"success": error.html(self.gettext), "error": error.message}
        except CapaError as error:
            message = page.broken_text(error, staff=self.is_staff, _=self.gettext)
            status, reply = 200, {"success": message, "error": message}
        if reply.get("error") and status == 200 and _is_plain_form(request):
            status = 422
        earned, possible = self.progress
        visible = self.correctness_available
        about = {
            "progress_changed": visible and (earned, possible) != before,
            "current_score": earned if visible else None,
            "total_possible": possible,
            "attempts_used": self.attempts,
        }
        return Response(status=status, json={**reply, **about})

    def reset_problem(self, _data: object = None) -> dict[str, Any]:
        """What the learner's Reset does; called by banks that draw anew."""
        return actions.clear(self)

    def grader_reply(self, dispatch: str, key: str, body: str) -> ReplyTaken:
        """What a grader elsewhere answered; the host says who asks, and has no learner call this."""
        return replies.take(self, dispatch, key, body)

    # What the rules need

    @property
    def url(self) -> str:
        """Where its actions are."""
        return str(self.runtime.handler_url(self, "xmodule_handler")).rstrip("/?")

    @cached_property
    def graders(self) -> replies.GraderDesk | None:
        """The way to programs elsewhere that grade; None where there is none (previews)."""
        return self.runtime.service(self, "graders")  # type: ignore[no-any-return]

    @property
    def runs_something(self) -> bool:
        """Whether a program of the learner's is being run without being graded."""
        return any(state.get("queuestate") == "queued" for state in self.input_state.values())

    @cached_property
    def gettext(self) -> Callable[[str], str]:
        """The learner's language."""
        return self.runtime.service(self, "i18n").gettext  # type: ignore[no-any-return]

    @property
    def title(self) -> str:
        """The name in the page."""
        return self.display_name or self.gettext("Problem")

    @cached_property
    def problem_id(self) -> str:
        """What all ids in the page begin with."""
        usage = self.scope_ids.usage_id
        html_id = getattr(usage, "html_id", None)
        return html_id() if html_id is not None else _UNFIT_FOR_AN_ID.sub("-", str(usage))

    @property
    def now(self) -> datetime:
        """The moment of the visit."""
        visit = getattr(self.runtime, "visit", None)
        return datetime.now(UTC) if visit is None else visit.at

    @property
    def problem(self) -> Problem:
        """The compiled variant of this learner. Raises CapaError."""
        data = self.data or ""
        runner = getattr(self.runtime, "script_runner", None) if _MAY_RUN_PYTHON.search(data) else None
        personal = "anonymous_student_id" in data  # else it is the same for all with this seed
        student = self.user_attribute("anonymous_user_id") if personal else ""
        return compiled(data, self.problem_id, self.current_seed(), str(student or ""), runner)

    def variant(self, seed: Any) -> Problem:
        """The compiled variant of a learner who has ``seed`` (None: of all who share one). Raises CapaError."""
        data = self.data or ""
        runner = getattr(self.runtime, "script_runner", None) if _MAY_RUN_PYTHON.search(data) else None
        return compiled(data, self.problem_id, int(seed) if seed is not None else 1, "", runner)

    def current_seed(self) -> int:
        """The stored seed; else the fixed one; else a new one, which is kept."""
        if self.seed is not None:
            return int(self.seed)
        seed = rules.fixed_seed(
            self.rerandomize, user_id=self.scope_ids.user_id, usage_key=str(self.scope_ids.usage_id)
        )
        if seed is None:
            seed = self.seed = random.randrange(rules.RANDOM_SEEDS)  # noqa: S311 - a variant is no secret
        return seed

    @cached_property
    def settings(self) -> rules.ProblemSettings:
        """The course team's decisions."""
        return rules.ProblemSettings(
            max_attempts=self.max_attempts,
            weight=self.weight,
            grading_method=self.grading_method,
            due=self.due,
            graceperiod=self.graceperiod,
            show_correctness=self.show_correctness,
            showanswer=self.showanswer,
            attempts_before_showanswer_button=self.attempts_before_showanswer_button or 0,
            rerandomize=self.rerandomize,
            force_save_button=self.force_save_button,
            show_reset_button=self.show_reset_button,
            submission_wait_seconds=self.submission_wait_seconds or 0,
            graded=self.graded,
        )

    @property
    def state(self) -> rules.ProblemState:
        """Where the learner stands."""
        return rules.ProblemState(
            attempts=self.attempts or 0,
            done=bool(self.done),
            score=self.raw_score,
            has_saved_answers=bool(self.has_saved_answers),
            last_submission=_moment(self.last_submission_time),
        )

    @property
    def raw_score(self) -> rules.Score:
        """The stored score; nothing of the maximum before the first answer."""
        stored = self.score
        if stored:
            return rules.Score(stored["raw_earned"], stored["raw_possible"])
        return rules.Score(0, self.problem.max_score)

    @property
    def progress(self) -> tuple[float, float]:
        """Weighted points; (0, 0) for a problem that cannot be read."""
        try:
            score = rules.weighted(self.raw_score, self.weight)
        except CapaError:
            return 0, 0
        return score.raw_earned, score.raw_possible

    @property
    def results(self) -> dict[str, InputResult]:
        """The verdicts of the last submission."""
        return {key: result_from_json(stored) for key, stored in self.correct_map.items()}

    @property
    def correctness_available(self) -> bool:
        """Whether verdicts may be seen."""
        return rules.correctness_available(self.settings, self.now, staff=self.is_staff)

    @property
    def answer_available(self) -> bool:
        """Whether right answers may be seen."""
        return rules.answer_available(self.settings, self.state, self.now, staff=self.is_staff)

    @cached_property
    def is_staff(self) -> bool:
        """Whether the viewer is of the course team."""
        return bool(self.user_attribute("user_is_staff"))

    def user_attribute(self, name: str) -> Any:
        """What the user service tells of the viewer."""
        service = self.runtime.service(self, "user")
        return None if service is None else service.get_current_user().opt_attrs.get(PREFIX + name)

    @property
    def submission_token(self) -> str:
        """Changes with every submission and reset: a form that carries another one was sent before."""
        moment = f"{self.last_submission_time}|{bool(self.done)}|{self.current_seed()}"
        digest = hashlib.blake2b(moment.encode(), digest_size=6)
        return f"{self.attempts}-{digest.hexdigest()}"

    def with_addresses(self, html: str) -> str:
        """Authors' short links made into addresses, where the runtime knows how."""
        replace = getattr(self.runtime, "replace_urls", None)
        return html if replace is None else replace(html)

    # Scores, for whoever grades again

    def has_submitted_answer(self) -> bool:
        """Whether there is something to grade again."""
        return bool(self.done)

    def allows_rescore(self) -> bool:
        """Whether all its questions are graded at once."""
        return not self.problem.waits_for_graders

    def get_score(self) -> XBlockScore:
        """The stored raw score."""
        score = self.raw_score
        return XBlockScore(score.raw_earned, score.raw_possible)

    def set_score(self, score: XBlockScore | rules.Score) -> None:
        """Keep a raw score."""
        self.score = {"raw_earned": score.raw_earned, "raw_possible": score.raw_possible}

    def calculate_score(self) -> XBlockScore:
        """The raw score that the stored answers earn now; changes nothing."""
        score = actions.regraded(self)[-1]
        return XBlockScore(score.raw_earned, score.raw_possible)

    def rescore(self, only_if_higher: bool = False) -> None:
        """Grade all stored attempts again. Raises ValueError (nothing submitted) or CapaError."""
        actions.rescore(self, only_if_higher=only_if_higher)

    def publish_grade(self, *, only_if_higher: bool | None = None, grader_response: bool = False) -> None:
        """Tell the platform the raw score; `grader_response`: it came late, from a grader, so it completes nothing."""
        score = self.raw_score
        grade = {"value": score.raw_earned, "max_value": score.raw_possible, "only_if_higher": only_if_higher}
        self.runtime.publish(self, "grade", grade | {"grader_response": grader_response})

    def generate_report_data(
        self, user_state_iterator: Iterable[Any], limit_responses: int | None = None
    ) -> Iterator[tuple[str, dict[str, str]]]:
        """For each of these learners' states (``username``, ``state``), a row for each answer: ``Answer ID``,
        ``Question``, ``Answer``, and ``Correct Answer`` where there is one. Who has a variant that cannot be made any
        more has none."""
        count = 0
        for one in user_state_iterator:
            try:
                rows = list(told.rows_of(self, one.state))
            except CapaError:
                continue
            for row in rows:
                if limit_responses is not None and count >= limit_responses:
                    return
                count += 1
                yield one.username, row

    def answers_given(self, states: Iterable[Mapping[str, Any]]) -> Iterator[told.Given]:
        """What these learners answered at first and at last, for counting. Who has a variant that cannot be made any
        more is left out."""
        for state in states:
            try:
                yield from list(told.given_of(self, state))
            except CapaError:
                continue

    def index_dictionary(self) -> dict[str, Any]:
        """What search may find: the text without scripts, answers, hints and solutions."""
        return {
            "content": {"display_name": self.title, "capa_content": capa.search_text(self.data or "")},
            "content_type": "CAPA",
        }


def _moment(stored: str | None) -> datetime | None:
    """The time kept in a learner's state; None for none, and for what no clock writes."""
    try:
        return datetime.fromisoformat(stored) if stored else None
    except ValueError:
        return None


def _is_plain_form(request: Request) -> bool:
    """Whether a browser sent the form itself, without our script."""
    return "text/html" in (request.headers.get("Accept") or "") and "X-Requested-With" not in request.headers
