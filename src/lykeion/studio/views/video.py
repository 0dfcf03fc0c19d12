"""The editor of videos, and of their transcripts."""

from __future__ import annotations

import json
import math
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lykeion.authoring.api import courses, transcripts
from lykeion.authoring.api import video as rules
from lykeion.authoring.api.transcripts import Cue
from lykeion.authoring.api.video import VideoForm
from lykeion.authoring.types import Author, AuthoringError, Capability
from lykeion.blocks import api as blocks
from lykeion.content.types import ContentError
from lykeion.core.clock import now
from lykeion.studio.choosers import chooser_context
from lykeion.studio.editors import base_of, editor_context, saved
from lykeion.studio.guards import in_course

FORMS = {
    "srt": (blocks.transcripts.as_srt, "application/x-subrip"),
    "vtt": (blocks.transcripts.as_vtt, "text/vtt"),
    "txt": (blocks.transcripts.as_text, "text/plain"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def editor(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Edits a video: where it is, what is shown of it, what comes with it."""
    if request.method == "POST":
        version = rules.save(author, ref, _form(request), base=base_of(request), at=now())
        return saved(request, author, ref, version)
    context = editor_context(author, ref, **chooser_context(author))
    fields = context["item"].fields
    more = {
        "video": rules.shown(fields),
        "length": rules.length_of(fields),
        "licences": _licences(fields.get("license")),
        **_transcripts(author, ref),
    }
    return render(request, "studio/video/editor.html", {**context, **more})


@require_POST
@in_course(Capability.EDIT, libraries=True)
def upload_transcript(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    """Takes ``file`` as the transcript of ``language``; answers with the new list."""
    file = request.FILES.get("file")
    if file is None:
        raise AuthoringError(_("Choose an .srt, .vtt or .sjson file."))
    data = file.read(blocks.transcripts.MAX_BYTES + 1)
    transcripts.upload(author, ref, request.POST.get("language", ""), file.name or "", data, at=now())
    return _list(request, author, ref)


@require_POST
@in_course(Capability.EDIT, libraries=True)
def remove_transcript(request: HttpRequest, author: Author, ref: str, language: str) -> HttpResponse:
    """Takes the transcript of ``language`` away; answers with the new list."""
    transcripts.remove(author, ref, language, at=now())
    return _list(request, author, ref)


@require_http_methods(["GET", "HEAD", "POST"])
@in_course(Capability.EDIT, libraries=True)
def transcript(request: HttpRequest, author: Author, ref: str, language: str) -> HttpResponse:
    """Edits the transcript of ``language`` cue by cue, beside the player. A save answers with its new ``base``."""
    if request.method == "POST":
        found = _cues(request.POST.get("cues", ""))
        transcripts.write(author, ref, language, found, version=request.POST.get("base", ""), at=now())
        author = courses.enter(author.person, author.run)
        return saved(request, author, ref, transcripts.cues(author, ref, language).version)  # type: ignore[arg-type]
    there = transcripts.cues(author, ref, language)
    rows = [{"start": cue.start, "end": cue.end, "text": cue.text} for cue in there.cues]
    context = editor_context(author, ref, transcript=there, cues=json.dumps(rows, ensure_ascii=False))
    return render(request, "studio/video/transcript.html", context)


@require_safe
@in_course(libraries=True)
def transcript_file(request: HttpRequest, author: Author, ref: str, language: str, form: str) -> HttpResponse:
    """The transcript of ``language`` as a file: ``form`` is srt, vtt or txt."""
    there = transcripts.cues(author, ref, language)
    if form not in FORMS or not there.cues:
        raise ContentError(_("This video has no transcript {language}.{form}.").format(language=language, form=form))
    write, kind = FORMS[form]
    response = HttpResponse(write(there.cues), content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="transcript-{language}.{form}"'
    return response


def _form(request: HttpRequest) -> VideoForm:
    """``has`` names the ticks of the form, and says that it has sources: browsers send nothing of what is empty."""
    sent, has = request.POST, request.POST.getlist("has")
    return VideoForm(
        texts={name: sent[name] for name in rules.TEXTS if name in sent},
        flags={name: name in sent for name in rules.FLAGS if name in has},
        sources=sent.getlist("source") if "source" in has else None,
        default_transcript=sent.get("default_transcript"),
    )


def _cues(text: str) -> list[Cue]:
    try:
        return [
            Cue(_seconds(row["start"]), _seconds(row["end"]), " ".join(str(row["text"]).split()))
            for row in json.loads(text)
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise AuthoringError(_("The cues did not arrive as they should: {error}.").format(error=error)) from error


def _seconds(value: Any) -> float:
    seconds = float(value)
    if not math.isfinite(seconds):
        raise ValueError(_("{value} is no time").format(value=value))
    return seconds


def _list(request: HttpRequest, author: Author, ref: str) -> HttpResponse:
    author = courses.enter(author.person, author.run)
    context = editor_context(author, ref, **_transcripts(author, ref))
    return render(request, "studio/video/transcripts.html", context)


def _transcripts(author: Author, ref: str) -> dict[str, Any]:
    fields = editor_context(author, ref)["item"].fields
    return {
        "transcripts": transcripts.listed(author, ref),
        "languages": transcripts.languages(),
        "default_transcript": rules.shown(fields).default_transcript,
    }


def _licences(present: str | None) -> list[tuple[str, str]]:
    """Values and names to choose from; one that a course brought along stays among them."""
    values = list(blocks.licences.CHOICES)
    kept = (present or "").strip()
    values += [kept] if kept and kept not in values else []
    return [(value, found.name) for value in values if (found := blocks.licences.read(value))]
