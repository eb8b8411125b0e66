"""Blank checklists by field of work: a sheet to print and take along; nothing of it is stored."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class Checklist:
    """What to look at in one field of work."""

    slug: str
    field: str
    scope: str
    items: tuple[str, ...]


@cache
def checklists() -> Mapping[str, Checklist]:
    """Return the checklists by their slug, in the order of the file."""
    path = settings.FIXTURES_DIR / "reference" / "checklists.json"
    entries = json.loads(path.read_text(encoding="utf-8"))
    made = [Checklist(**entry | {"items": tuple(entry["items"])}) for entry in entries]
    return {checklist.slug: checklist for checklist in made}
