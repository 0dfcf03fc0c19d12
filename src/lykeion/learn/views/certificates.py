"""Certificates for everybody to look at, and badges for programs to check."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lykeion.accounts import api as accounts
from lykeion.accounts.types import Person, Role
from lykeion.catalog import api as catalog
from lykeion.certificates import api as certificates
from lykeion.certificates import types
from lykeion.content.types import RunMissing
from lykeion.core.clock import now
from lykeion.core.keys import CourseLocator
from lykeion.events import api as events
from lykeion.events.types import CertificateSharedPayload, CertificateVisitedPayload
from lykeion.learn.certificatepaper import paper_of, signers

_NETWORKS: Final = ("linkedin", "facebook")


@require_safe
@never_cache
def certificate(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a certificate, for whoever has its address: whose, of what, when, and whether it is valid."""
    shown = _shown(request, number)
    person = accounts.person(request.user)
    mine = person is not None and person.id == shown.certificate.user_id
    if person is not None and not mine and shown.certificate.good:
        _tell_visited(shown)
    context = {
        "shown": shown,
        "certificate": shown.certificate,
        "signers": signers(shown),
        "mine": mine,
        "outdated": mine and shown.certificate.good and not certificates.is_current(shown.certificate),
        "address": certificates.address(shown.certificate),
        "number": shown.certificate.uuid.hex,
    }
    return render(request, "learn/certificate.html", context, status=200 if shown.certificate.good else 410)


@require_safe
@never_cache
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """A valid certificate on paper."""
    shown = _valid(request, number)
    response = HttpResponse(certificates.pdf(paper_of(shown)), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="certificate-{shown.certificate.uuid.hex}.pdf"'
    return response


@require_safe
@login_required
@never_cache
def badge(request: HttpRequest, number: str) -> HttpResponse:
    """A valid certificate as an Open Badge (a signed credential), for the learner themselves: it names their address,
    though only as a hash."""
    shown = _valid(request, number)
    person = _holder(request, shown.certificate)
    response = HttpResponse(certificates.signed(shown, person.email), content_type="application/vc+jwt")
    response["Content-Disposition"] = f'attachment; filename="badge-{shown.certificate.uuid.hex}.jwt"'
    return response


@require_POST
@login_required
def renew(request: HttpRequest, number: str) -> HttpResponse:
    """Gives a learner's own certificate the name and grade of now."""
    shown = _shown(request, number)
    _holder(request, shown.certificate)
    try:
        certificates.renew(shown.certificate, at=now())
    except types.CertificateError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The certificate has your name of now."))
    return HttpResponseRedirect(reverse("certificate", args=[shown.certificate.uuid.hex]))


@require_safe
@never_cache
def share(request: HttpRequest, number: str, network: str) -> HttpResponse:
    """To a network where the certificate can be shown, noting that somebody went there."""
    shown = _valid(request, number)
    if network not in _NETWORKS:
        raise Http404(_("Certificates cannot be shared there."))
    address = certificates.address(shown.certificate)
    events.emit("edx.certificate.shared", _shared(shown, network.title()), course_id=shown.run, at=now())
    return HttpResponseRedirect(_linkedin(shown, address) if network == "linkedin" else _facebook(address))


def _tell_visited(shown: types.Shown) -> None:
    """Somebody else who is signed in looked at a certificate. Where they come from nobody knows; Open edX says LinkedIn
    of all."""
    payload = CertificateVisitedPayload(user_id=shown.certificate.user_id, **_shared(shown, "LinkedIn"))
    events.emit("edx.certificate.evidence_visited", payload, course_id=shown.run, at=now())


def _shared(shown: types.Shown, network: str) -> CertificateSharedPayload:
    return {
        "course_id": str(shown.run),
        "certificate_id": shown.certificate.uuid.hex,
        "certificate_url": certificates.address(shown.certificate),
        "enrollment_mode": shown.certificate.mode,
        "social_network": network,
    }


@require_safe
@never_cache
def status(request: HttpRequest, number: str) -> HttpResponse:
    """For programs that check a badge: whether it was revoked. It answers for badges whose page is not shown yet, too:
    who holds the badge knows of it."""
    try:
        return _open(certificates.status_list(certificates.find(_uuid(number))))
    except types.NoCertificate as error:
        raise Http404(str(error)) from error


@require_safe
def issuer(request: HttpRequest) -> HttpResponse:
    """Who gives badges here."""
    return _open(certificates.issuer())


@require_safe
def key(request: HttpRequest, kid: str) -> HttpResponse:
    """The public key that badges are checked with."""
    found = certificates.public_key()
    if found["kid"] != kid:
        raise Http404(_("This site signs badges with another key."))
    return _open(found)


@require_safe
def achievement(request: HttpRequest, run: CourseLocator) -> HttpResponse:
    """What a badge of a course stands for."""
    try:
        offered = catalog.run(run)
    except RunMissing as error:
        raise Http404(str(error)) from error
    design = certificates.rules(offered).design
    if design is None or not design.active:
        raise Http404(_("This course gives no certificates."))
    return _open(certificates.achievement_of(offered, design.course_title, design.description))


def _open(said: dict[str, object]) -> JsonResponse:
    response = JsonResponse(said)
    response["Access-Control-Allow-Origin"] = "*"  # checkers of badges run in browsers, on other sites
    return response


def _shown(request: HttpRequest, number: str) -> types.Shown:
    uuid = _uuid(number)
    try:
        return certificates.shown(uuid, at=now())
    except types.NoCertificate as error:
        if not _of_team(request, uuid):
            raise Http404(str(error)) from error
        return _early(uuid)


def _early(uuid: UUID) -> types.Shown:
    try:
        return certificates.shown(uuid, at=now(), early=True)
    except types.NoCertificate as error:
        raise Http404(str(error)) from error


def _valid(request: HttpRequest, number: str) -> types.Shown:
    shown = _shown(request, number)
    if not shown.certificate.good:
        raise Http404(_("This certificate is not valid any more."))
    return shown


def _holder(request: HttpRequest, found: types.Certificate) -> Person:
    person = accounts.person(request.user)
    if person is None or person.id != found.user_id:
        raise Http404(_("There is no such certificate."))
    return person


def _of_team(request: HttpRequest, uuid: UUID) -> bool:
    person = accounts.person(request.user)
    if person is None:
        return False
    try:
        run_id = certificates.find(uuid).run_id
    except types.NoCertificate:
        return False
    key = catalog.keys([run_id])[run_id]
    return person.is_staff or bool({Role.STAFF, Role.INSTRUCTOR} & accounts.roles(person.id, str(key.org), key))


def _uuid(number: str) -> UUID:
    try:
        return UUID(number)
    except ValueError as error:
        raise Http404(_("There is no such certificate.")) from error


def _linkedin(shown: types.Shown, address: str) -> str:
    given = shown.certificate.issued
    asked = {
        "startTask": "CERTIFICATION_NAME",
        "name": shown.design.course_title,
        "organizationName": shown.org,
        "issueYear": given.year,
        "issueMonth": given.month,
        "certUrl": address,
        "certId": shown.certificate.uuid.hex,
    }
    return f"https://www.linkedin.com/profile/add?{urlencode(asked)}"


def _facebook(address: str) -> str:
    return f"https://www.facebook.com/sharer/sharer.php?{urlencode({'u': address})}"
