"""Open data files of an edition: made of its frozen content alone."""

import csv
import io
import json
from typing import Any

from common.spreadsheets import cell_text
from documents.rules import printable
from qinnan_safety.models import Publication
from qinnan_safety.publication.fields import TABLES, columns, dictionary
from qinnan_safety.publication.publishing import content_of

MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}
WHOLE, DICTIONARY = "snapshot", "dictionary"


def data_file(edition: Publication, table: str, ending: str) -> bytes | None:
    """Return the bytes of a file, or None where there is no such file."""
    if table == WHOLE and ending == "json":
        return edition.content.encode()
    content = content_of(edition)
    if table == DICTIONARY and ending == "json":
        return _json(edition, content, tables=dictionary(content["open"]))
    if table not in TABLES or ending not in MEDIA_TYPES:
        return None
    if ending == "json":
        return _json(edition, content, table=table, rows=content["tables"][table])
    return _csv(table, content)


def _json(edition: Publication, content: dict[str, Any], **more: Any) -> bytes:
    head = {"edition": edition.number, "period": content["period"], "as_of": content["as_of"]}
    found = {**head, "snapshot_sha256": edition.sha256, **more}
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _csv(table: str, content: dict[str, Any]) -> bytes:
    shown, out = columns(table, content["open"]), io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([field.label for field in shown])
    for row in content["tables"][table]:
        writer.writerow([cell_text(printable(str(row[field.key]))) for field in shown])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
