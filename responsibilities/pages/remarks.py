"""What the units that assist in a row have said, and whether the person may add to it."""

from collections.abc import Iterable

from organizations.access import Access
from organizations.enums import UNIT_POSTS
from responsibilities.enums import AssignmentRole
from responsibilities.models import Assignment, Obligation, Remark
from responsibilities.services.remarks import why_closed


def remarks_of(row: Obligation, access: Access) -> list[Remark]:
    """Return the remarks on a row as far as the person may read them, newest first, each with
    ``is_own`` where the person's unit may take it back; no query when the row is marked as having
    none."""
    if not getattr(row, "has_remarks", True):
        return []
    found = Remark.objects.visible_to(access).filter(obligation=row)
    remarks = list(found.select_related("unit", "author"))
    for remark in remarks:
        own = access.holds_in(remark.unit_id, *UNIT_POSTS)
        remark.is_own = own and not remark.is_withdrawn
    return remarks


def may_remark(row: Obligation, held: Iterable[Assignment], access: Access) -> bool:
    """Whether one of the person's units assists in a row that is still worked on."""
    own = {item.role for item in held if item.unit_id in access.unit_ids}
    return AssignmentRole.ASSIST in own and not why_closed(row)
