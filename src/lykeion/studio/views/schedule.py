"""Schedule and details of a course, and how its about page will look."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf.locale import LANG_INFO
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from lykeion.authoring.api import schedule as rules
from lykeion.authoring.types import Author, Capability
from lykeion.core.clock import now
from lykeion.studio.draftfiles import file_url, picture_url, preview
from lykeion.studio.guards import in_course
from lykeion.studio.richtext import richtext_context
from lykeion.studio.views.settings import Said, acted, base_of, own_zone, shown

LICENCES = {
    "all-rights-reserved": gettext_lazy("All rights reserved"),
    "creative-commons: ver=4.0 BY": pgettext_lazy("licence", "Creative Commons BY"),
    "creative-commons: ver=4.0 BY SA": pgettext_lazy("licence", "Creative Commons BY-SA"),
    "creative-commons: ver=4.0 BY ND": pgettext_lazy("licence", "Creative Commons BY-ND"),
    "creative-commons: ver=4.0 BY NC": pgettext_lazy("licence", "Creative Commons BY-NC"),
    "creative-commons: ver=4.0 BY NC SA": pgettext_lazy("licence", "Creative Commons BY-NC-SA"),
    "creative-commons: ver=4.0 BY NC ND": pgettext_lazy("licence", "Creative Commons BY-NC-ND"),
}
DISPLAYS = {
    "end": gettext_lazy("When the course is over"),
    "end_with_date": gettext_lazy("From a date on"),
    "early_no_info": gettext_lazy("As soon as somebody passes"),
}
IMAGES = {
    "course_image": (gettext_lazy("Card image"), gettext_lazy("On cards and on the about page, 16 to 9.")),
    "banner_image": (gettext_lazy("Banner"), gettext_lazy("A wide picture, kept for Open edX.")),
    "video_thumbnail_image": (gettext_lazy("Still of the video"), gettext_lazy("Kept for Open edX.")),
}
_SWITCHES = ("self_paced", "entrance_exam_enabled")
_NOBODY = dict.fromkeys(rules.INSTRUCTOR, "")


def _show(request: HttpRequest, author: Author) -> HttpResponse:
    details = rules.details(author, own_zone(), at=now())
    return shown(
        request,
        author,
        "schedule",
        details=details,
        texts=details.texts,
        instructors=[(one, picture_url(author, one["image"])) for one in (*details.instructors, _NOBODY)],
        overview_shown=preview(author, details.texts["overview"]),
        licences=LICENCES.items(),
        **richtext_context(author),
        displays=DISPLAYS.items(),
        languages=_languages(details.texts["language"]),
        images=[
            (name, title, text, details.texts[name], picture_url(author, details.texts[name]))
            for name, (title, text) in IMAGES.items()
        ],
    )


def _save(form: QueryDict, author: Author) -> Said:
    names = [one.name for one in rules.SETTINGS if one.name != "instructor_info"]
    given = {name: form.get(name, "") for name in names if name in form or name in _SWITCHES}
    people = _instructors(form) if "instructor_name" in form else None
    edit = rules.save_details(author, given, people, own_zone(), base=base_of(form, author), at=now())
    return Said(_("Saved."), edit)


_ACTIONS = {"save": _save}


@require_safe
@in_course()
def schedule(request: HttpRequest, author: Author) -> HttpResponse:
    """The form."""
    return _show(request, author)


@require_POST
@in_course(Capability.SETTINGS)
def save(request: HttpRequest, author: Author) -> HttpResponse:
    """Saves the form."""
    return acted(request, author, _ACTIONS, _show, _address(author))


@require_safe
@in_course()
def about_preview(request: HttpRequest, author: Author) -> HttpResponse:
    """The about page as it will look, from the draft."""
    details = rules.details(author, own_zone(), at=now())
    texts = details.texts
    stored = {one.name: str(one.stored(author.root) or "") for one in rules.SETTINGS if one.part}
    return shown(
        request,
        author,
        "schedule",
        template="about_preview",
        texts=texts,
        overview=preview(author, stored["overview"]),
        video=preview(author, stored["video"]),
        picture=file_url(author, texts["course_image"]),
        learning=texts["learning_info"].splitlines(),
        instructors=details.instructors,
    )


def _address(author: Author) -> str:
    return reverse("studio:schedule", args=[author.run])


def _instructors(form: QueryDict) -> list[Mapping[str, str]]:
    columns = [form.getlist(f"instructor_{name}") for name in rules.INSTRUCTOR]
    return [dict(zip(rules.INSTRUCTOR, row, strict=True)) for row in zip(*columns, strict=False)]


def _languages(present: str) -> list[tuple[str, str]]:
    known = {code: str(info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info}
    if present and present not in known:
        known[present] = present
    return sorted(known.items(), key=lambda pair: pair[1].casefold())
