"""The words of a certificate, for its page and for paper, in the language of the course."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override

from lykeion.certificates import api as certificates
from lykeion.certificates.types import Paper, Shown, Signatory, Signed
from lykeion.content import api as content
from lykeion.content.types import RunMissing
from lykeion.core.keys import CourseLocator

_LARGEST_IMAGE = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who signs, with the address of the picture of their signature ('' without one)."""

    name: str
    title: str
    organization: str
    picture: str


def signers(shown: Shown) -> list[Signer]:
    """Those who sign, for the page."""
    return [_signer(shown.run, one) for one in shown.design.signatories]


def _signer(run: CourseLocator, one: Signatory) -> Signer:
    picture = reverse("asset", args=[run, one.image]) if one.image else ""
    return Signer(one.name, one.title, one.organization, picture)


def paper_of(shown: Shown) -> Paper:
    """What is printed, in the language of the course."""
    with override(shown.language):
        number = shown.certificate.uuid.hex
        address = certificates.address(shown.certificate)
        return Paper(
            org=shown.org,
            words=_("This is to certify that"),
            name=shown.certificate.name,
            did=_("has completed the course"),
            course=shown.design.course_title,
            description=shown.design.description,
            date=date_format(localtime(shown.certificate.issued), "DATE_FORMAT"),
            signed=[
                Signed((one.name, one.title, one.organization), _bytes(shown.run, one.image))
                for one in shown.design.signatories
            ],
            check=_("Certificate %(number)s. Anybody can check it at %(address)s")
            % {"number": number, "address": address},
            language=shown.language,
            title=_("Certificate of %(name)s") % {"name": shown.certificate.name},
            address=address,
        )


def _bytes(run: CourseLocator, path: str) -> bytes:
    """The picture of a signature; empty without one, and when it is too large to be one."""
    if not path:
        return b""
    try:
        stored = content.file(content.head(run), path)
    except RunMissing:
        return b""
    if stored is None or stored.size > _LARGEST_IMAGE:
        return b""
    with content.open_file(stored) as file:
        return file.read()
