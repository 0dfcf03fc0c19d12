"""How much may be uploaded in one request. Django bounds form fields only; files would fill the disk."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

MOST_BYTES: Final = 50 * 1024 * 1024


class Bounded(FileUploadHandler):  # type: ignore[misc, unused-ignore]
    """Refuses a form past ``MOST_BYTES`` before anything of it is read; leaves the rest to the handlers after it."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        """Raises ``RequestDataTooBig`` (Django answers 400)."""
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"A form has at most {MOST_BYTES:,} bytes; this one has {content_length:,}.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """As it came."""
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Another handler makes the file."""
