"""Every step of the state table, legal and illegal, asked for as people do: by posting pages."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import TASK_TRANSITIONS, DeadlineKind, TaskState
from responsibilities.models import Event, Obligation, ProgressReport, Task
from responsibilities.services.deadlines import Deadline, set_deadline
from tests.builders import NOW, TODAY, decline_rest, make_plan, make_row, make_unit, make_user
from tests.standing import undone

pytestmark = pytest.mark.django_db

S = TaskState
CLOSING = {"kind": "closing", "summary": "已办结。", "document_no": "文号〔2019〕1号"}


class Walk:
    """One task of 区住建局 from the draft row on, moved only by posts."""

    def __init__(self) -> None:
        awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
        self.zjj = zjj = make_unit("zjj", "区住建局")
        self.jtj = make_unit("jtj", "区交通局", order=12)
        self.office = self._signed_in(make_user("office", (awb, PostKind.OFFICE)))
        self.liaison = self._signed_in(make_user("liaison", (zjj, PostKind.LIAISON)))
        self.head = self._signed_in(make_user("head", (zjj, PostKind.HEAD)))
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
        return Task.objects.get(unit=self.zjj)

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

    def say_unchanged(self) -> None:
        self._item("task_unchanged")

    def want_signature(self) -> None:
        rule = reverse("responsibilities:signing_rule", args=[self.zjj.pk])
        self.head.post(rule, {"head_signs": "on"})

    def sign(self) -> None:
        self._of_report("report_sign", self.head, decision="sign")

    def give_back(self) -> None:
        """The head gives the report back to the liaison (退给联络员)."""
        self._of_report("report_sign", self.head, decision="back", reason="数字不对。")

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

    def take_away(self) -> None:
        self._lead_by(self.jtj)

    def restore(self) -> None:
        self._lead_by(self.zjj)

    def _lead_by(self, unit: Unit) -> None:
        row = Obligation.objects.get()
        address = reverse("responsibilities:obligation_units", args=[row.plan.code, row.code])
        typed = {"version": row.version, "mode": "joint", f"unit_{unit.pk}": "lead"}
        self.office.post(address, typed | {"reason": "职责调整。"})

    def void(self) -> None:
        row = Obligation.objects.get()
        address = reverse("responsibilities:obligation_void", args=[row.plan.code, row.code])
        self.office.post(address, {"version": row.version, "reason": "重复。", "code": row.code})


ACTS: dict[str, Callable[[Walk], None]] = {
    "receive": Walk.receive,
    "report": Walk.report,
    "ask_to_close": Walk.ask_to_close,
    "say_unchanged": Walk.say_unchanged,
    "want_signature": Walk.want_signature,
    "sign": Walk.sign,
    "give_back": Walk.give_back,
    "withdraw": Walk.withdraw,
    "pass_it": Walk.pass_it,
    "send_back": Walk.send_back,
    "reopen": Walk.reopen,
    "take_away": Walk.take_away,
    "restore": Walk.restore,
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
    "waiting for the head": ("want_signature", "report"),
    "given back by the head": ("want_signature", "report", "give_back"),
    "signed by the head": ("want_signature", "report", "sign"),
    "taken away": ("receive", "take_away"),
    "restored": ("receive", "take_away", "restore"),
    "void": ("void",),
}
OWED = {"take_away": S.VOID, "void": S.VOID}
TOLD = {"report": S.UNDER_REVIEW, "say_unchanged": S.UNDER_REVIEW, "ask_to_close": S.UNDER_REVIEW}
# What each act makes of each state; an act that is not named is refused and changes nothing.
LEGAL: dict[str, dict[str, TaskState]] = {
    "awaiting receipt": OWED | TOLD | {"receive": S.IN_PROGRESS},
    "in progress": OWED | TOLD,
    "in progress again": OWED | TOLD,
    "progress under review": OWED
    | {"withdraw": S.IN_PROGRESS, "pass_it": S.IN_PROGRESS, "send_back": S.RETURNED},
    "closing under review": OWED
    | {"withdraw": S.IN_PROGRESS, "pass_it": S.CLOSED, "send_back": S.RETURNED},
    "returned": OWED | {"report": S.UNDER_REVIEW, "ask_to_close": S.UNDER_REVIEW},
    "closed": {"reopen": S.IN_PROGRESS},
    "reopened": OWED | TOLD,
    "waiting for the head": OWED | {"sign": S.UNDER_REVIEW},
    # With the head's signature wanted, what is told anew waits for it again.
    "given back by the head": OWED,
    "signed by the head": OWED
    | {"withdraw": S.IN_PROGRESS, "pass_it": S.IN_PROGRESS, "send_back": S.RETURNED},
    "taken away": {"restore": S.AWAITING_RECEIPT},
    "restored": OWED | TOLD | {"receive": S.IN_PROGRESS},
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
    "waiting for the head": S.IN_PROGRESS,
    "given back by the head": S.IN_PROGRESS,
    "signed by the head": S.UNDER_REVIEW,
    "taken away": S.VOID,
    "restored": S.AWAITING_RECEIPT,
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


def test_a_unit_that_leads_again_signs_for_it_again_and_the_first_receipt_stays_on_record() -> None:
    walk = Walk()
    walk.dispatch()
    walk.receive()
    first = walk.task
    walk.take_away()
    walk.restore()

    again = walk.task
    assert (again.pk, again.received_at, again.received_by) == (first.pk, None, None)
    assert again.history.filter(received_at=first.received_at).exists()
    # Each step is a version, so that nobody acts on a page from before.
    assert again.version == first.version + 2

    walk.receive()
    assert (walk.state, walk.task.received_by.username) == (S.IN_PROGRESS, "liaison")


class Happened(Walk):
    """The same for work that an event opens; what takes it back is the event's own page."""

    def dispatch(self) -> None:
        row = Obligation.objects.get()
        deadline = Deadline(kind=DeadlineKind.EVENT, basis="条文")
        how = {"actor": get_system_user(), "at": NOW, "today": TODAY, "reason": "测试"}
        set_deadline(row, deadline, version=row.version, **how)
        super().dispatch()
        self.office.post(
            reverse("responsibilities:event_add"),
            {
                "kind": "accident",
                "title": "9·12 坍塌事故",
                "happened_on": "2019-09-12",
                "document_no": "钦南政函〔2019〕30号",
                f"row-{row.pk}": "on",
                f"due-{row.pk}": "2019-10-12",
            },
        )

    def void_event(self) -> None:
        address = reverse("responsibilities:event_void", args=[Event.objects.get().pk])
        self.office.post(address, {"reason": "登记错了。"})


@pytest.mark.parametrize("where", WAYS)
def test_an_event_taken_back_voids_what_is_still_owed_for_good(where: str) -> None:
    walk = Happened()
    walk.dispatch()
    for act in WAYS[where]:
        ACTS[act](walk)
    assert walk.state == STATES[where]

    walk.void_event()

    then = S.CLOSED if where == "closed" else S.VOID
    assert walk.state == then
    for name, act in ACTS.items():
        with undone():
            act(walk)
            assert walk.state == then, name
