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


def fingerprint(
    words: Mapping[str, Any], files: Iterable[str] = (), ticks: Iterable[str] = ()
) -> str:
    """Return the SHA-256 over the words of a report, the hashes of its files and its ticks.

    Files and ticks count only where there are any, so that reports without them keep their
    fingerprint.
    """
    content = dict(words)
    for name, values in (("evidence", sorted(files)), ("milestones", sorted(ticks))):
        if values:
            content[name] = values
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
