"""An accident, and rows whose work begins when one happens."""

from datetime import date

from clauses.models import Plan
from organizations.models import Unit
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, EventKind, FulfilmentMode
from responsibilities.models import Obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.events import Happening
from tests.builders import NOW, TODAY, dispatch, make_row


def event_row(
    plan: Plan, code: str, *leads: Unit, mode: FulfilmentMode = FulfilmentMode.JOINT
) -> Obligation:
    row = make_row(plan, code, leads=list(leads), mode=mode)
    row = set_deadline(
        row,
        Deadline(kind=DeadlineKind.EVENT, basis="条文"),
        version=row.version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="测试",
    )
    dispatch(plan, row)
    row.refresh_from_db()
    return row


def accident(**changed: object) -> Happening:
    said = {
        "kind": EventKind.ACCIDENT,
        "title": "9·12 坍塌事故",
        "happened_on": date(2019, 9, 12),
        "document_no": "钦南应急快报〔2019〕3号",
    }
    return Happening(**said | changed)
