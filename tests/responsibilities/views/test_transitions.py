"""Every step of the state table, legal and illegal, asked for as people do: by posting pages."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organizations.enums import PostKind, UnitKind
from organizations.models import User
from responsibilities.enums import TASK_TRANSITIONS, TaskState
from responsibilities.models import Obligation, ProgressReport, Task
from tests.builders import decline_rest, make_plan, make_row, make_unit, make_user
from tests.standing import undone

pytestmark = pytest.mark.django_db

S = TaskState
CLOSING = {"kind": "closing", "summary": "已办结。", "document_no": "文号〔2019〕1号"}


class Walk:
    """One task of 区住建局 from the draft row on, moved only by posts."""

    def __init__(self) -> None:
        awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
        zjj = make_unit("zjj", "区住建局")
        self.office = self._signed_in(make_user("office", (awb, PostKind.OFFICE)))
        self.liaison = self._signed_in(make_user("liaison", (zjj, PostKind.LIAISON)))
        plan = make_plan()
        self.row = make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 12, 20))
        decline_rest(plan)
        self.sent = 0

    @staticmethod
    def _signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    @property
    def task(self) -> Task:
        return Task.objects.get()

    @property
    def state(self) -> TaskState:
        return TaskState(self.task.state)

    def _item(self, name: str, **fields: str) -> None:
        self.sent += 1
        address = reverse(f"responsibilities:{name}", args=[self.task.pk])
        self.liaison.post(address, {"token": f"page-{self.sent}"} | fields)

    def dispatch(self) -> None:
        page = reverse("responsibilities:plan_dispatch", args=[self.row.plan.code])
        self.office.post(page, {"starts_on": "2019-07-01", "row": [self.row.pk]})

    def receive(self) -> None:
        self._item("task_receive")

    def report(self) -> None:
        self._item("task_report", kind="progress", summary="已起草。")

    def ask_to_close(self) -> None:
        self._item("task_report", **CLOSING)

    def withdraw(self) -> None:
        self._of_report("report_withdraw", self.liaison)

    def pass_it(self) -> None:
        self._of_report("report_review", self.office, decision="pass")

    def send_back(self) -> None:
        self._of_report("report_review", self.office, decision="return", reason="请补。")

    def _of_report(self, name: str, client: Client, **fields: str) -> None:
        report = ProgressReport.objects.order_by("-pk").first()
        if report is not None:
            address = reverse(f"responsibilities:{name}", args=[report.pk])
            client.post(address, {"seen": report.current_sha256} | fields)

    def reopen(self) -> None:
        task = self.task
        address = reverse("responsibilities:task_reopen", args=[task.pk])
        self.office.post(address, {"version": task.version, "reason": "佐证不作数，请补。"})

    def void(self) -> None:
        row = Obligation.objects.get()
        address = reverse("responsibilities:obligation_void", args=[row.plan.code, row.code])
        self.office.post(address, {"version": row.version, "reason": "重复。", "code": row.code})


ACTS: dict[str, Callable[[Walk], None]] = {
    "receive": Walk.receive,
    "report": Walk.report,
    "ask_to_close": Walk.ask_to_close,
    "withdraw": Walk.withdraw,
    "pass_it": Walk.pass_it,
    "send_back": Walk.send_back,
    "reopen": Walk.reopen,
    "void": Walk.void,
}

# How each state is reached from a task that was just sent out.
WAYS: dict[str, tuple[str, ...]] = {
    "awaiting receipt": (),
    "in progress": ("receive",),
    "in progress again": ("report", "pass_it"),
    "progress under review": ("receive", "report"),
    "closing under review": ("ask_to_close",),
    "returned": ("report", "send_back"),
    "closed": ("ask_to_close", "pass_it"),
    "reopened": ("ask_to_close", "pass_it", "reopen"),
    "void": ("void",),
}
# What each act makes of each state; an act that is not named is refused and changes nothing.
LEGAL: dict[str, dict[str, TaskState]] = {
    "awaiting receipt": {
        "receive": S.IN_PROGRESS,
        "report": S.UNDER_REVIEW,
        "ask_to_close": S.UNDER_REVIEW,
        "void": S.VOID,
    },
    "in progress": {"report": S.UNDER_REVIEW, "ask_to_close": S.UNDER_REVIEW, "void": S.VOID},
    "in progress again": {
        "report": S.UNDER_REVIEW,
        "ask_to_close": S.UNDER_REVIEW,
        "void": S.VOID,
    },
    "progress under review": {
        "withdraw": S.IN_PROGRESS,
        "pass_it": S.IN_PROGRESS,
        "send_back": S.RETURNED,
        "void": S.VOID,
    },
    "closing under review": {
        "withdraw": S.IN_PROGRESS,
        "pass_it": S.CLOSED,
        "send_back": S.RETURNED,
        "void": S.VOID,
    },
    "returned": {"report": S.UNDER_REVIEW, "ask_to_close": S.UNDER_REVIEW, "void": S.VOID},
    "closed": {"reopen": S.IN_PROGRESS},
    "reopened": {"report": S.UNDER_REVIEW, "ask_to_close": S.UNDER_REVIEW, "void": S.VOID},
    "void": {},
}
STATES: dict[str, TaskState] = {
    "awaiting receipt": S.AWAITING_RECEIPT,
    "in progress": S.IN_PROGRESS,
    "in progress again": S.IN_PROGRESS,
    "progress under review": S.UNDER_REVIEW,
    "closing under review": S.UNDER_REVIEW,
    "returned": S.RETURNED,
    "closed": S.CLOSED,
    "reopened": S.IN_PROGRESS,
    "void": S.VOID,
}
# A task comes into being when its row is sent out.
ELSEWHERE = {(S.UNDISPATCHED, S.AWAITING_RECEIPT), (S.UNDISPATCHED, S.VOID)}


@pytest.mark.parametrize("where", WAYS)
def test_each_act_does_in_each_state_what_the_table_says(where: str) -> None:
    walk, found = Walk(), {}
    walk.dispatch()
    for act in WAYS[where]:
        ACTS[act](walk)
    assert walk.state == STATES[where]

    for name, act in ACTS.items():
        with undone():
            act(walk)
            found[name] = walk.state

    assert found == {name: LEGAL[where].get(name, STATES[where]) for name in ACTS}


def test_the_acts_make_every_step_of_the_table_and_no_other() -> None:
    """A report on a task that was not received receives it on the way: two steps."""
    made = {(STATES[where], then) for where, acts in LEGAL.items() for then in acts.values()}
    two_steps = {(S.AWAITING_RECEIPT, S.UNDER_REVIEW)}
    table = {(here, there) for here, targets in TASK_TRANSITIONS.items() for there in targets}

    assert made - two_steps == table - ELSEWHERE


def test_a_row_that_was_not_sent_out_has_no_task_to_move() -> None:
    walk = Walk()

    walk.void()

    assert not Task.objects.exists()
