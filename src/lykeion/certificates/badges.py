"""Certificates as Open Badges 3.0: credentials that anybody can check without asking this site.

Source: 1EdTech Open Badges 3.0, §8 (JSON Web Token proof format: compact JWS, RS256) and the Verifiable Credentials
Data Model 2.0.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

import orjson
from django.conf import settings
from joserfc import jws

from lykeion.catalog.types import Run
from lykeion.certificates.issuing import address
from lykeion.certificates.keys import public_key, signing_key
from lykeion.certificates.types import Certificate, Shown
from lykeion.core.keys import CourseLocator

__all__ = ["achievement", "credential", "issuer", "public_key", "signed", "status_list"]

_CONTEXT: Final = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]


def issuer() -> dict[str, Any]:
    """The profile of this site as the one who gives badges."""
    return {"id": f"{settings.SITE_URL}/badges/issuer", "type": ["Profile"], "name": settings.SITE_NAME,
            "url": settings.SITE_URL}  # fmt: skip


def achievement(run: CourseLocator, title: str, description: str, org: str) -> dict[str, Any]:
    """What is achieved: to pass the course."""
    return {
        "id": f"{settings.SITE_URL}/badges/courses/{quote(str(run), safe=':+')}",
        "type": ["Achievement"],
        "achievementType": "Course",
        "name": title,
        "description": description or title,
        "criteria": {"narrative": f"Passed the course “{title}” of {org}."},
    }


def achievement_of(run: Run, title: str, description: str) -> dict[str, Any]:
    """The same with its context, as its own address gives it."""
    return {"@context": _CONTEXT, **achievement(run.key, title, description, run.org)}


def credential(shown: Shown, email: str) -> dict[str, Any]:
    """The credential of a certificate. Its holder is named by a salted hash of ``email``, so that only those who know
    the address can tell whose it is."""
    certificate = shown.certificate
    salt = certificate.uuid.hex
    digest = sha256(f"{email.lower()}{salt}".encode()).hexdigest()
    return {
        "@context": _CONTEXT,
        "id": address(certificate),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": shown.design.course_title,
        "issuer": issuer(),
        "validFrom": _moment(certificate.issued),
        "credentialSubject": {
            "id": f"urn:uuid:{certificate.uuid}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "identityType": "emailAddress",
                    "hashed": True,
                    "salt": salt,
                    "identityHash": f"sha256${digest}",
                }
            ],
            "achievement": achievement(shown.run, shown.design.course_title, shown.design.description, shown.org),
        },
        "credentialStatus": {"id": f"{address(certificate)}/status", "type": "1EdTechRevocationList"},
    }


def signed(shown: Shown, email: str) -> str:
    """The credential as a compact JWS: what a learner keeps, and shows to whom they like."""
    key = public_key()
    said = credential(shown, email)
    claims = {
        **said,
        "iss": said["issuer"]["id"],
        "jti": said["id"],
        "sub": said["credentialSubject"]["id"],
        "nbf": int(shown.certificate.issued.timestamp()),
    }
    header = {"alg": "RS256", "typ": "JWT", "kid": f"{settings.SITE_URL}/badges/key/{key['kid']}"}
    return jws.serialize_compact(header, orjson.dumps(claims), signing_key())


def status_list(certificate: Certificate) -> dict[str, Any]:
    """The revocation list of one credential: empty while it is good."""
    revoked = [] if certificate.good else [{"id": address(certificate), "revoked": True}]
    return {"id": f"{address(certificate)}/status", "issuer": issuer()["id"], "revokedCredential": revoked}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
