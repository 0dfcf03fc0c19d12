"""A problem that its author tries out. What they did is in their session, for as long as that lasts."""

from __future__ import annotations

from typing import Any, Final

import orjson
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lykeion.authoring.api import problems
from lykeion.authoring.api.problems import ProblemDraft, Tried
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.core.clock import now
from lykeion.core.whole import whole
from lykeion.studio.guards import in_course
from lykeion.ui.answers import is_background
from lykeion.ui.blockrequest import django_response, webob_request
from lykeion.ui.formtokens import with_token

_KEY: Final = "studio_tried"
_MOST: Final = 200_000  # bytes of what a session keeps of one problem


def try_context(request: HttpRequest, author: Author, draft: ProblemDraft) -> dict[str, Any]:
    """The problem with the variant ``seed``, as it stands after what its author did with it."""
    seed = _seed(request.GET.get("seed", ""), _kept_seed(request.session, author, draft.ref))
    page = problems.shown(author, draft.ref, _tried(request.session, author, draft.ref, seed), at=now())
    html = with_token(page.html, get_token(request))
    return {
        "seed": seed,
        "most": problems.SEEDS - 1,
        "html": mark_safe(html),  # noqa: S308  blocks write HTML; that is what they are for
        "head": blocks.placed_html(page, "head"),
        "foot": blocks.placed_html(page, "foot"),
    }


@require_POST
@in_course(Capability.EDIT, libraries=True)
def again(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Forgets what was answered, and shows the variant ``seed``."""
    request.session.pop(_KEY, None)
    return _page(author, ref, _seed(request.POST.get("seed", ""), 1))


@require_POST
@in_course(Capability.EDIT, libraries=True)
def answer(request: HttpRequest, author: Author, ref: str, seed: int, handler: str, suffix: str = "") -> HttpResponse:
    """What the problem answers to its author, as to a learner. 422 for what is more than a session can hold."""
    seed = min(seed, problems.SEEDS - 1)
    tried = _tried(request.session, author, ref, seed)
    reply, after = problems.answered(author, ref, tried, handler, suffix, webob_request(request), at=now())
    _keep(request.session, author, ref, after)
    return django_response(reply) if is_background(request) else _page(author, ref, seed)


def _page(author: Author, ref: str, seed: int) -> HttpResponse:
    response = HttpResponseRedirect(f"{reverse('studio:component', args=[author.run, ref])}?tab=try&seed={seed}")
    response.status_code = 303
    return response


def _seed(text: str, otherwise: int) -> int:
    number = whole(text)
    return otherwise if number is None else min(number, problems.SEEDS - 1)


def _kept(session: SessionBase, author: Author, ref: str) -> dict[str, Any]:
    kept = session.get(_KEY)
    return kept if isinstance(kept, dict) and kept.get("of") == f"{author.run} {ref}" else {}


def _kept_seed(session: SessionBase, author: Author, ref: str) -> int:
    return int(_kept(session, author, ref).get("seed", 1))


def _tried(session: SessionBase, author: Author, ref: str, seed: int) -> Tried:
    kept = _kept(session, author, ref)
    return Tried(seed, kept["state"]) if kept.get("seed") == seed else Tried(seed)


def _keep(session: SessionBase, author: Author, ref: str, tried: Tried) -> None:
    kept = {"of": f"{author.run} {ref}", "seed": tried.seed, "state": dict(tried.state)}
    size = len(orjson.dumps(kept))
    if size > _MOST:
        words = _(
            "This is too long to be tried out: with it the problem would keep {size} kB, and {most} kB is the most"
            " here. What you did before is as it was. Answer with less, or begin anew."
        )
        raise AuthoringError(words.format(size=-(-size // 1000), most=_MOST // 1000))
    session[_KEY] = kept
