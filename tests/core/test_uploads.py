"""Forms with files."""

from __future__ import annotations

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from lykeion.core import uploads


def test_a_file_of_a_sensible_size_arrives() -> None:
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.txt", b"leaf")})

    assert request.FILES["file"].read() == b"leaf"


def test_a_form_that_would_fill_the_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("a.txt", b"x" * 200)})

    with pytest.raises(RequestDataTooBig):
        request.FILES  # noqa: B018  # reading it is what is tested
