"""An extract as the bytes of a file of one of three formats, the same for the same day."""

from __future__ import annotations

import datetime
import io
import re
import zipfile

from search_api.export.delimited import write_csv
from search_api.export.document import write_docx
from search_api.export.extract import Extract
from search_api.export.workbook import write_xlsx

MEDIA_TYPES: dict[str, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# When the file was made, as its writer noted it.
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def write_file(extract: Extract, form: str, on: datetime.date) -> bytes:
    """Return `extract` as a file in one of `MEDIA_TYPES`; `on` is the day of the extract."""
    if form == "csv":
        return write_csv(extract)
    return _settled(write_xlsx(extract, on) if form == "xlsx" else write_docx(extract, on), on)


def _settled(archive: bytes, on: datetime.date) -> bytes:
    """Return an office file whose parts all carry the day `on` and not the moment of writing."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(archive)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, (on.year, on.month, on.day, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + f"{on}T00:00:00Z".encode(), content)
            new.writestr(part, content)
    return written.getvalue()
