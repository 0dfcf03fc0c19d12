"""Rows as files to download: CSV as it is written, and Parquet."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Final

from django.http import FileResponse, Http404, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from lykeion.core.spreadsheets import safe

_CHUNK: Final = 5_000
_IN_MEMORY: Final = 4 << 20  # bytes
Cells = Sequence[Any]


def table_file(
    name: str, form: str, columns: Sequence[str], rows: Iterable[Cells], kinds: Sequence[str]
) -> HttpResponseBase:
    """A download of ``rows`` as ``csv`` or ``parquet``, called ``name``. ``kinds``: what the
    columns hold (``str``, ``int``, ``float``, ``bool``, ``date``, ``datetime``). Raises ``Http404`` for other forms."""
    if form == "csv":
        response = _csv(columns, rows)
    elif form == "parquet":
        response = _parquet(columns, rows, kinds)
    else:
        raise Http404(_("There is no such file."))
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


class _Echo:
    """A file that hands back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _csv(columns: Sequence[str], rows: Iterable[Cells]) -> HttpResponseBase:
    writer = csv.writer(_Echo())

    def written() -> Iterator[str]:
        yield "\ufeff"
        for row in chain([columns], rows):
            yield writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])

    return StreamingHttpResponse(written(), content_type="text/csv; charset=utf-8")


def _parquet(columns: Sequence[str], rows: Iterable[Cells], kinds: Sequence[str]) -> HttpResponseBase:
    import pyarrow as pa  # 40 MB, in web processes that are asked for such a file
    import pyarrow.parquet as pq

    schema = pa.schema(zip(columns, map(_arrow, kinds), strict=True))
    file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  # the response closes it
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in _chunks(rows):
            writer.write_table(pa.table(_by_column(columns, part), schema=schema))
    file.seek(0)
    return FileResponse(file, content_type="application/vnd.apache.parquet")


def _arrow(kind: str) -> Any:
    import pyarrow as pa  # see above

    types = {"str": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_(), "date": pa.date32()}
    return types.get(kind) or pa.timestamp("us", "UTC")


def _chunks(rows: Iterable[Cells]) -> Iterator[list[Cells]]:
    rest = iter(rows)
    while part := list(islice(rest, _CHUNK)):
        yield part


def _by_column(columns: Sequence[str], rows: Sequence[Cells]) -> dict[str, list[Any]]:
    return {name: [row[place] for row in rows] for place, name in enumerate(columns)}
