"""What reports do not fulfil: an inspection closes the task from wherever it is owed, its voiding
opens it again; all by posting pages."""

import pytest
from django.test import Client
from django.urls import reverse

from inspections.models import Inspection
from organizations.enums import PostKind, UnitKind
from responsibilities.enums import FULFILMENT_TRANSITIONS, Frequency, FulfilmentMode, TaskState
from responsibilities.models import Obligation, ProgressReport, Task
from tests.builders import as_, dispatch, make_plan, make_row, make_unit, make_user
from tests.inspections.pages import FORM, confirm, url, with_fresh_password

pytestmark = pytest.mark.django_db

S = TaskState
# How the task came to be where it is, before the office decided that inspections fulfil it.
WAYS: dict[TaskState, tuple[str, ...]] = {
    S.AWAITING_RECEIPT: (),
    S.IN_PROGRESS: ("receive",),
    S.UNDER_REVIEW: ("report",),
    S.RETURNED: ("report", "send_back"),
}


class Quarter:
    """The third quarter of 区住建局, moved only by posts."""

    def __init__(self) -> None:
        awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
        self.zjj = make_unit("zjj", "区住建局")
        self.office = as_(make_user("office", (awb, PostKind.OFFICE)))
        self.liaison = as_(make_user("liaison", (self.zjj, PostKind.LIAISON)))
        self.head = with_fresh_password(make_user("head", (self.zjj, PostKind.HEAD)))
        plan, quarterly = make_plan(), Frequency.QUARTERLY
        separate = FulfilmentMode.SEPARATE
        row = make_row(plan, "02-01", leads=[self.zjj], mode=separate, frequency=quarterly)
        dispatch(plan, row)

    @property
    def task(self) -> Task:
        return Task.objects.get(period="2019Q3")

    def _item(self, name: str, **fields: str) -> None:
        self.liaison.post(reverse(f"responsibilities:{name}", args=[self.task.pk]), fields)

    def receive(self) -> None:
        self._item("task_receive")

    def report(self) -> None:
        self._item("task_report", token="one", kind="progress", summary="已起草。")

    def send_back(self) -> None:
        report = ProgressReport.objects.get()
        typed = {"seen": report.current_sha256, "decision": "return", "reason": "请补。"}
        self.office.post(reverse("responsibilities:report_review", args=[report.pk]), typed)

    def count_inspections(self) -> None:
        row = Obligation.objects.get()
        address = reverse("responsibilities:obligation_fulfilment", args=[row.plan.code, row.code])
        typed = {"version": row.version, "fulfilled_by": "inspection", "reason": "按季度计。"}
        self.office.post(address, typed)

    def inspect(self) -> Inspection:
        typed = FORM | {"unit": str(self.zjj.pk), "send": "1"}
        self.liaison.post(url("create"), typed)
        return Inspection.objects.get()

    def void(self, client: Client, inspection: Inspection) -> None:
        inspection.refresh_from_db()
        typed = {"version": str(inspection.version), "reason": "不是这个季度的。"}
        client.post(url("void", inspection.pk), typed)


@pytest.mark.parametrize("where", FULFILMENT_TRANSITIONS)
def test_an_inspection_closes_what_is_owed_and_its_voiding_opens_it_again(where) -> None:
    quarter = Quarter()
    for act in WAYS[where]:
        getattr(quarter, act)()
    quarter.count_inspections()
    assert quarter.task.state == where

    inspection = quarter.inspect()
    assert quarter.task.state == where
    confirm(quarter.head, inspection)

    closed = quarter.task
    assert closed.state == S.CLOSED
    assert closed.received_at is not None
    assert not ProgressReport.objects.awaiting_review().exists()
    address = reverse("responsibilities:task_reopen", args=[closed.pk])
    quarter.office.post(address, {"version": closed.version, "reason": "不作数。"})
    assert quarter.task.state == S.CLOSED  # only the record itself can be taken back

    quarter.void(quarter.office, inspection)

    opened = quarter.task
    assert (opened.state, opened.closed_on, opened.reopened) == (S.IN_PROGRESS, None, 1)


def test_an_inspection_does_not_bring_back_what_was_voided() -> None:
    quarter = Quarter()
    quarter.count_inspections()
    row = Obligation.objects.get()
    address = reverse("responsibilities:obligation_void", args=[row.plan.code, row.code])
    quarter.office.post(address, {"version": row.version, "reason": "重复。", "code": row.code})

    confirm(quarter.head, quarter.inspect())

    assert quarter.task.state == S.VOID
