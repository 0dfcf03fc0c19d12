"""Badges can be checked by anybody who has the public key; paper has every script."""

from __future__ import annotations

import zlib
from base64 import urlsafe_b64decode
from hashlib import sha256
from pathlib import Path

import orjson
import pymupdf
import pytest
from joserfc import jws
from joserfc.errors import BadSignatureError
from joserfc.jwk import RSAKey
from pytest_django import Settings

from lykeion.catalog.types import Run
from lykeion.certificates import api, models
from lykeion.certificates.printing import pdf
from lykeion.certificates.types import Paper, Signed
from lykeion.core.clock import now
from lykeion.core.errors import LykeionError
from tests.certificates.conftest import score


def test_a_badge_is_a_credential_signed_by_the_site(run: Run, alice: int, settings: Settings) -> None:
    score(run, alice, 1.0)
    shown = api.shown(models.Certificate.objects.get().uuid, at=now())

    badge = api.signed(shown, "Alice@example.org")
    key = RSAKey.import_key(api.public_key())
    found = jws.deserialize_compact(badge, key)
    said = orjson.loads(found.payload)

    number = shown.certificate.uuid.hex
    assert found.headers()["kid"] == f"{settings.SITE_URL}/badges/key/{api.public_key()['kid']}"
    assert found.headers()["alg"] == "RS256"
    assert said["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert (said["iss"], said["jti"], said["sub"]) == (
        said["issuer"]["id"],
        said["id"],
        said["credentialSubject"]["id"],
    )
    assert said["id"] == f"{settings.SITE_URL}/certificates/{number}"
    (holder,) = said["credentialSubject"]["identifier"]
    assert holder["identityHash"] == "sha256$" + sha256(f"alice@example.org{holder['salt']}".encode()).hexdigest()
    assert said["credentialSubject"]["achievement"]["name"] == "The Waters"
    assert b"example.org" not in found.payload

    head, body, signature = badge.split(".")
    _verify(api.public_key(), f"{head}.{body}", signature)
    with pytest.raises(BadSignatureError):
        jws.deserialize_compact(f"{head}.{body[:-4]}AAAA.{signature}", key)


def test_whoever_checks_a_badge_learns_that_it_was_revoked(run: Run, alice: int) -> None:
    score(run, alice, 1.0)
    number = models.Certificate.objects.get().uuid
    assert api.status_list(api.find(number))["revokedCredential"] == []

    api.invalidate(run, alice, by=alice, notes="secret reason", at=now())

    said = api.status_list(api.find(number))
    assert said["revokedCredential"] == [{"id": api.address(api.find(number)), "revoked": True}]


def test_a_key_that_cannot_be_used_says_how_to_make_one(settings: Settings, tmp_path: Path) -> None:
    settings.LYKEION_BADGE_KEY = tmp_path / "missing.pem"
    with pytest.raises(LykeionError, match="openssl genrsa"):
        api.public_key()

    settings.LYKEION_BADGE_KEY = tmp_path / "public.pem"
    settings.LYKEION_BADGE_KEY.write_bytes(RSAKey.generate_key(2048).as_pem(private=False))
    with pytest.raises(LykeionError, match="private"):
        api.public_key()


def test_paper_shows_names_in_every_script_on_one_page() -> None:
    name = "Zoë Ђорђе 山田太郎 محمد"
    paper = Paper(
        "Lyceum", "This is to certify that", name, "has completed", "A long name of a course " * 6, "", "1 May 2026",
        [Signed(("Bob", "Professor"), b"no picture"), Signed(("Carol",), b"")], "Check it at https://x/certificates/1",
        "en", "Paper", "https://x/certificates/1",
    )  # fmt: skip

    with pymupdf.open(stream=pdf(paper), filetype="pdf") as document:
        text = document[0].get_text()
        pages, links = document.page_count, [link["uri"] for link in document[0].get_links()]

    assert (pages, links) == (1, ["https://x/certificates/1"])
    assert all(part in text for part in ("Zoë", "Ђорђе", "山田太郎", "Bob", "Carol", "https://x/certificates/1"))


def test_a_name_without_spaces_leaves_the_rest_of_the_page_readable() -> None:
    paper = Paper(
        "Lyceum",
        "This is to certify that",
        "W" * 255,
        "has completed",
        "X" * 200,
        "",
        "1 May 2026",
        [],
        "",
        "en",
        "P",
        "",
    )

    with pymupdf.open(stream=pdf(paper), filetype="pdf") as document:
        spans = [
            span
            for block in document[0].get_text("dict")["blocks"]
            for line in block["lines"]
            for span in line["spans"]
        ]

    assert min(span["size"] for span in spans if span["text"].strip()) > 5


def test_only_pictures_that_are_soon_decoded_are_printed() -> None:
    pictures = {
        "small": _png(2, 2),
        "vast": _png(12_000, 12_000),
        "vector": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }

    printed = {}
    for name, image in pictures.items():
        paper = Paper(
            "Lyceum", "words", "Alice", "did", "Waters", "", "", [Signed(("Bob",), image)], "", "en", "Paper", ""
        )
        with pymupdf.open(stream=pdf(paper), filetype="pdf") as document:
            printed[name] = len(document[0].get_images())

    assert printed == {"small": 1, "vast": 0, "vector": 0}


def _png(width: int, height: int) -> bytes:
    """A white picture; the rows of a vast one are not there, only its head says how large it would be."""
    rows = zlib.compress(b"".join(b"\0" + b"\xff" * width for _row in range(min(height, 2))))
    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4) for kind, data in chunks
    )


def _verify(jwk: dict[str, str], signed: str, signature: str) -> None:
    """RSASSA-PKCS1-v1_5 with SHA-256 by arithmetic alone, not by the library that signs (RFC 8017 §9.2)."""
    modulus, exponent, given = (int.from_bytes(_octets(part), "big") for part in (jwk["n"], jwk["e"], signature))
    padded = pow(given, exponent, modulus).to_bytes(256, "big")
    digest = bytes.fromhex("3031300d060960864801650304020105000420") + sha256(signed.encode()).digest()

    assert padded == b"\x00\x01" + b"\xff" * (256 - 3 - len(digest)) + b"\x00" + digest


def _octets(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
