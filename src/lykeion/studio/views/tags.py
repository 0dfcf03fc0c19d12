"""Tags: the taxonomies of the site, the tags of a course, the tags of a block."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts.types import Person
from lykeion.authoring.api import courses
from lykeion.authoring.api import outline as items
from lykeion.authoring.api import tags as rules
from lykeion.authoring.types import Author, AuthoringError, Capability, NotAllowed
from lykeion.content.types import ObjectId
from lykeion.core.clock import now
from lykeion.studio.frame import frame
from lykeion.studio.guards import in_course, signed_in

LARGEST = 5 << 20  # bytes of a file of tags


@signed_in
def taxonomies(request: HttpRequest, person: Person) -> HttpResponse:
    """All taxonomies, and a form for a new one."""
    courses.require_studio(person)
    error = ""
    if request.method == "POST":
        try:
            made = rules.make(
                person,
                name=request.POST.get("name", ""),
                org=request.POST.get("org", "").strip(),
                free=request.POST.get("free") == "1",
                file=_uploaded(request),
            )
        except NotAllowed:
            raise
        except AuthoringError as refused:
            error = str(refused)
        else:
            messages.success(request, _("{name} is there.").format(name=made.name))
            return HttpResponseRedirect(reverse("studio:taxonomies"))
    shown = [{"one": one, "count": len(one.tags)} for one in rules.taxonomies(enabled=False)]
    context = {"taxonomies": shown, "error": error, "post": request.POST, "may": courses.may_create(person)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
    return render(request, "studio/tags/taxonomies.html", context, status=status)


@require_POST
@signed_in
def taxonomy(request: HttpRequest, person: Person, number: int) -> HttpResponse:
    """Replaces the tags of a taxonomy by those of a file, or switches it on (``enabled=1``) or off (``0``)."""
    if "enabled" in request.POST:
        changed = rules.switch(person, number, enabled=request.POST["enabled"] == "1")
    else:
        changed = rules.replace(person, number, _uploaded(request))
    messages.success(request, _("{name} was changed.").format(name=changed.name))
    return HttpResponseRedirect(reverse("studio:taxonomies"))


@require_safe
@signed_in
def taxonomy_file(request: HttpRequest, person: Person, number: int, form: str) -> HttpResponse:
    """The tags of a taxonomy as a file."""
    courses.require_studio(person)
    name = rules.taxonomy(number).name_in_files
    kind = "application/json" if form == "json" else "text/csv"
    response = HttpResponse(rules.as_file(number, form), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}.{form}"
    return response


@require_safe
@in_course()
def course_tags(request: HttpRequest, author: Author) -> HttpResponse:
    """The tags of a course, and how often each is used."""
    used = rules.used(author)
    shown = [
        {"taxonomy": one, "tags": [(value, len(refs)) for value, refs in sorted(used[one.name_in_files].items())]}
        for one in rules.taxonomies(str(author.run.org), enabled=False)
        if one.name_in_files in used
    ]
    more = {"shown": shown, "course_ref": items.COURSE, "page_title": _("Tags")}
    return render(request, "studio/tags/course.html", frame(author, "tags", **more))


@in_course(Capability.EDIT, libraries=True)
def tag(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """The tags of a block, to be changed; ``taxonomy`` names the one that is sent, ``tag`` are its values."""
    if request.method == "POST":
        base = request.POST.get("base", "")
        sent = request.POST.getlist("tag") or request.POST.get("tags", "").split(",")
        name = request.POST.get("taxonomy", "")
        rules.tag(author, ref, name, sent, base=ObjectId(base) if base else None, at=now())
        messages.success(request, _("Tags saved. Learners do not see them."))
        return HttpResponseRedirect(reverse("studio:tag", args=[author.run, ref]))
    own = rules.tags_of(author, ref)
    forms = [
        {
            "one": one,
            "values": [(value, parent, value in own.get(one.name_in_files, ())) for value, parent in one.tags],
            "text": ", ".join(own.get(one.name_in_files, ())),
        }
        for one in rules.taxonomies(str(author.run.org))
    ]
    more = {"item": items.item(author, ref), "forms": forms, "page_title": _("Tags")}
    return render(request, "studio/tags/block.html", frame(author, "tags", **more))


def _uploaded(request: HttpRequest) -> str:
    upload = request.FILES.get("file")
    if upload is None:
        return request.POST.get("text", "")
    if (upload.size or 0) > LARGEST:
        raise AuthoringError(_("A file of tags may have 5 MB."))
    try:
        text: str = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise AuthoringError(_("The file is no text in UTF-8: save it as “CSV UTF-8”.")) from error
    return text
