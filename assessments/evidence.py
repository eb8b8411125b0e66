"""Where the record behind a line of points is shown."""

from django.urls import reverse

PAGES = {
    "hazard": "inspections:hazard_detail",
    "fact": "assessments:fact_detail",
    "veto": "assessments:veto_detail",
    "objection": "assessments:objection_detail",
}


def address_of(kind: str, key: str) -> str:
    """Return the page of a record, or nothing for a kind that has none."""
    if kind == "task":
        plan, _, code = key.partition("/")
        return reverse("responsibilities:obligation_detail", args=[plan, code])
    if kind in PAGES:
        return reverse(PAGES[kind], args=[key])
    return ""
