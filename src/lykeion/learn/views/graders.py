"""What programs that grade talk to: the pull protocol of XQueue, and the address where an XQueue brings replies.

Requests and replies are those of xqueue and of the views in edx-submissions that took its place (its status codes), so
that graders written for them, such as xqueue-watcher, work as they are. A grader's session opens nothing else here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from lykeion.accounts import api as accounts
from lykeion.blocks.types import HandlerFailed, ReplyTaken
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import BlockUsageLocator, CourseLocator, parse_run
from lykeion.courseware import api as courseware
from lykeion.graders import api as graders
from lykeion.graders.types import NoSuchSubmission, State, Submission, WrongKey

Queues = frozenset[str]
_SESSION: Final = "grader"
_OK, _FAILED = 0, 1
_SUBMISSION_ID: Final = re.compile(r"[0-9]{1,18}")  # what a database's number holds


def _reply(content: Any, status: int = 200, *, code: int | None = None) -> JsonResponse:
    success = status == 200 if code is None else code == _OK
    return JsonResponse({"return_code": _OK if success else _FAILED, "content": content}, status=status)


def for_graders(view: Callable[[HttpRequest, Queues], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Hands a view the queues of the grader who asks; sends who did not log in to do that, as XQueue does."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        user_id = _grader(request)
        if user_id is None:
            here = urlencode({"next": request.path})
            return HttpResponseRedirect(f"{reverse('xqueue_login')}?{here}")
        response = view(request, graders.queues_of(user_id))
        response["Cache-Control"] = "no-store"
        return response

    return guarded


def _grader(request: HttpRequest) -> int | None:
    """The account of a grader's session; it ends when the account or its password does."""
    user_id, stamp = request.session.get(_SESSION) or (None, None)
    return user_id if user_id is not None and accounts.password_stamp(user_id) == stamp else None


@csrf_exempt
def login(request: HttpRequest) -> HttpResponse:
    """Lets a grader's account in; people who may not grade are told no more than people with a wrong password."""
    if request.method != "POST":
        return _reply("login_required", code=_FAILED)
    username, password = request.POST.get("username"), request.POST.get("password")
    if not username or not password:
        return _reply("Insufficient login info", 400)
    person = accounts.check_password(request, username, password)
    if person is None or not graders.queues_of(person.id):
        return _reply("Incorrect login credentials", 401)
    request.session.cycle_key()
    request.session[_SESSION] = [person.id, accounts.password_stamp(person.id)]
    return _reply("Logged in")


@csrf_exempt
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends a grader's session."""
    request.session.pop(_SESSION, None)
    return _reply("Goodbye")


def status(request: HttpRequest) -> HttpResponse:
    """That there is a queue here."""
    return _reply("OK")


@for_graders
def get_queuelen(request: HttpRequest, queues: Queues) -> HttpResponse:
    """How many submissions can be fetched from ``queue_name``."""
    queue = request.GET.get("queue_name")
    if not queue:
        return _reply("'get_queuelen' must provide parameter 'queue_name'", 400)
    if queue not in queues:
        return _reply(f"Valid queue names are: {', '.join(sorted(queues))}", 404)
    return _reply(graders.length(queue, now()))


@for_graders
def get_submission(request: HttpRequest, queues: Queues) -> HttpResponse:
    """The oldest submission of ``queue_name``, for this grader to answer in time."""
    queue = request.GET.get("queue_name")
    if not queue:
        return _reply("'get_submission' must provide parameter 'queue_name'", 400)
    if queue not in queues:
        return _reply(f"Queue '{queue}' not found", 404)
    found = graders.pull(queue, now())
    if found is None:
        return _reply(f"Queue '{queue}' is empty", code=_FAILED)
    return _reply(json.dumps(_package(request, found)))


def _package(request: HttpRequest, found: Submission) -> dict[str, str]:
    header = {"submission_id": found.id, "submission_key": found.pull_key}
    links = {name: _link(request, stored, name) for name, stored in found.order.files.items()}
    return {
        "xqueue_header": json.dumps(header),
        "xqueue_body": found.order.body,
        "xqueue_files": json.dumps(links),
    }


def _link(request: HttpRequest, stored: str, name: str) -> str:
    return request.build_absolute_uri(reverse("xqueue_file", args=[graders.link_token(stored, name)]))


@for_graders
def put_result(request: HttpRequest, queues: Queues) -> HttpResponse:
    """A grader's reply. To send it twice is fine; to send it after somebody else got the submission is not."""
    if request.method != "POST":
        return _reply("'put_result' must use HTTP POST", 405)
    header = _header(request.POST, "submission_id", "submission_key")
    if header is None or not _SUBMISSION_ID.fullmatch(str(header["submission_id"])):
        return _reply("Incorrect reply format", 400)
    try:
        found = graders.handed_out(int(header["submission_id"]), str(header["submission_key"]))
    except NoSuchSubmission as error:
        return _reply(str(error), 404)
    except WrongKey as error:
        return _reply(str(error), 403)
    if found.order.queue not in queues:
        return _reply("Submission does not exist", 404)
    return _put(found, request.POST["xqueue_body"])


def _put(found: Submission, body: str) -> HttpResponse:
    if found.state == State.RETIRED:
        return _reply("")
    order = found.order
    try:
        taken = courseware.take_reply(
            parse_run(order.run), order.user_id, order.usage, order.dispatch, order.key, body, at=now()
        )
    except RunMissing:
        taken = ReplyTaken("unknown")
    except (HandlerFailed, courseware.Busy) as error:
        return _reply(str(error), 503)
    if taken.state == "unknown":
        graders.close(order.key, now())
    return _reply("")


@csrf_exempt
@require_POST
def callback(
    request: HttpRequest, run: CourseLocator, user_id: int, usage: BlockUsageLocator, dispatch: str
) -> HttpResponse:
    """A reply that an XQueue brings. Who knows the key of an answer that waits may answer it; nobody else."""
    header = _header(request.POST, "lms_key")
    if header is None:
        raise Http404
    key = str(header["lms_key"])
    try:
        taken = courseware.take_reply(run, user_id, str(usage), dispatch, key, request.POST["xqueue_body"], at=now())
    except RunMissing as error:
        raise Http404(str(error)) from error
    except (HandlerFailed, courseware.Busy):
        return HttpResponse(status=503)
    if taken.state == "unknown" and not graders.is_known(key):
        return HttpResponse(status=403)
    return HttpResponse("")


def _header(form: Mapping[str, Any], *names: str) -> dict[str, Any] | None:
    """The header of a reply, when it has all of ``names`` and there is a body."""
    try:
        header = json.loads(form["xqueue_header"])
    except (KeyError, ValueError):
        return None
    complete = isinstance(header, dict) and all(name in header for name in names) and "xqueue_body" in form
    return header if complete else None


@require_GET
def file(request: HttpRequest, token: str) -> FileResponse:
    """A file that a learner handed in, for whoever has a link that is not too old."""
    try:
        name, opened = graders.open_link(token)
    except NoSuchSubmission as error:
        raise Http404(str(error)) from error
    response = FileResponse(opened, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
