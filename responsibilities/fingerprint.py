"""The fingerprint of a report: what a review binds to."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

# 进展里由单位写下、核验所针对的各栏。
CONTENT_COLUMNS = (
    "kind",
    "summary",
    "problems",
    "coordination",
    "next_steps",
    "document_no",
    "happened_on",
    "is_unchanged",
)


def fingerprint(words: Mapping[str, Any], files: Iterable[str] = ()) -> str:
    """Return the SHA-256 over the words of a report and the hashes of its files.

    Files count only where there are any, so that reports without files keep their fingerprint.
    """
    content = dict(words)
    if hashes := sorted(files):
        content["evidence"] = hashes
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
