"""A unit that took over another reads its records and goes on with its open hazards."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from inspections.enums import CellKind
from inspections.facts import QuarterFacts, quarter_facts
from inspections.models import Hazard, Inspection
from inspections.services.recording import edit_inspection
from inspections.services.settling import settle_open_tasks
from notices.models import Notice
from notices.services.planning import plan_notices
from organizations.enums import PostKind
from organizations.models import Unit, User
from organizations.services.people import get_system_user
from responsibilities.enums import OPEN_TASK_STATES, FulfilmentMode, TaskState
from responsibilities.models import Obligation, Task
from responsibilities.reminders import owed as tasks_owed
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.succession import hand_over_to_successors
from tests.builders import NOW, TODAY, make_content, make_unit, make_user
from tests.counting import statements_of
from tests.inspections.worlds import Department, Steps


@pytest.fixture
def heir(department: Department) -> Unit:
    """区住建局 is gone since 1 September; 区住建中心 and then 区住城局 stand for it."""
    between = make_unit("zjzx", "区住建中心", order=12, valid_to=date(2019, 9, 10))
    last = make_unit("zcj", "区住城局", order=13)
    between.successor = last
    between.save()
    old = department.unit
    old.successor = between
    old.save()
    return last


def dissolve(unit: Unit) -> None:
    unit.valid_to = date(2019, 8, 31)
    unit.save()


@pytest.fixture
def colleague(heir: Unit) -> User:
    return make_user("colleague", (heir, PostKind.LIAISON))


def test_the_heir_opens_what_the_matrix_shows_it(
    department: Department, colleague: User, client: Client
) -> None:
    inspection = department.confirmed(date(2019, 8, 1), date(2019, 8, 2))
    hazard = Steps(department).registered()
    client.force_login(colleague)
    pages = [inspection.get_absolute_url(), hazard.get_absolute_url()]
    lists = [
        f"{reverse('inspections:inspection_list')}?unit=zcj&quarter=2019Q3",
        f"{reverse('inspections:hazard_list')}?unit=zcj",
    ]

    assert [client.get(page).status_code for page in pages] == [404, 404]
    dissolve(department.unit)
    assert [client.get(page).status_code for page in pages] == [200, 200]
    for listed, page in zip(lists, pages, strict=True):
        assert page in client.get(listed).content.decode()
    # 别的单位照旧看不到。
    client.force_login(department.people["stranger"])
    assert [client.get(page).status_code for page in pages] == [404, 404]


def test_the_heir_takes_an_open_hazard_on_to_the_next_step(
    department: Department, colleague: User, client: Client
) -> None:
    hazard = Steps(department).registered()
    dissolve(department.unit)
    client.force_login(colleague)
    address = reverse("inspections:hazard_act", args=[hazard.pk, "treat"])
    assert "报治理完成" in client.get(hazard.get_absolute_url()).content.decode()

    typed = {"version": hazard.version, "happened_on": TODAY, "note": "通道已清空。"}
    assert client.post(address, typed).status_code == 302

    treated = Hazard.objects.get(pk=hazard.pk)
    assert (treated.get_stage_display(), treated.treated_by) == ("治理", colleague)
    client.force_login(department.people["stranger"])
    assert client.post(address, typed).status_code == 404


def test_the_head_of_the_heir_answers_for_a_record_that_waits(
    department: Department, colleague: User, heir: Unit, client: Client
) -> None:
    chief = make_user("chief", (heir, PostKind.HEAD), name="莫局长")
    sent = department.sent(make_content(date(2019, 8, 20)))
    dissolve(department.unit)
    address = {
        name: reverse(f"inspections:inspection_{name}", args=[sent.pk])
        for name in ("edit", "confirm", "decline", "submit")
    }
    client.force_login(chief)
    assert "区住建局2019年第三季度带队检查等您确认" in client.get("/").content.decode()
    assert "请核实区住建局的这次检查" in client.get(address["confirm"]).content.decode()
    back = {"no-seen": sent.content_sha256, "no-reason": "写明地点。", "back": "1"}
    assert client.post(address["decline"], back).status_code == 302

    notice = Notice.objects.get(kind="inspection-declined")
    assert (notice.recipient, notice.url) == (colleague, sent.get_absolute_url())
    assert notice.text == ("【区安委办】2019年第三季度带队检查已由莫局长退回，请按意见修改后再报。")
    client.force_login(colleague)
    assert client.get(address["edit"]).status_code == 200
    version = Inspection.objects.get().version
    assert client.post(address["submit"], {"version": version}).status_code == 302
    assert Notice.objects.filter(kind="inspection-confirm").latest("pk").recipient == chief

    confirmed = department.confirm(Inspection.objects.get(), actor=chief)
    assert confirmed.declaration == (
        f"区住建局于2019年8月20日由{sent.leader_name}带队检查{sent.field}安全生产工作，"
        "经区住城局核实，以上记录属实。"
    )
    receipt = reverse("inspections:inspection_receipt", args=[sent.pk])
    assert "承接单位区住城局" in client.get(receipt).content.decode()
    client.force_login(department.people["stranger"])
    assert [client.get(page).status_code for page in address.values()][:2] == [404, 404]


def test_a_predecessors_record_fulfils_the_task_that_has_moved_to_the_heir(
    department: Department, colleague: User, heir: Unit
) -> None:
    """区住建局 is gone since 1 September, its open tasks moved to 区住城局; the record of August
    waits for the head there, and confirmed in September it is in time for the third quarter."""
    chief = make_user("chief", (heir, PostKind.HEAD), name="莫局长")
    sent = department.sent(make_content(date(2019, 8, 20), findings=()))
    dissolve(department.unit)
    hand_over_to_successors(actor=department.people["office"], at=NOW, today=TODAY)
    task = Task.objects.get(unit=heir, period="2019Q3")

    def cell() -> QuarterFacts:
        return quarter_facts(["2019Q3"], today=TODAY, units=[heir.pk])[heir.pk, "2019Q3"]

    assert cell().kind == CellKind.AWAITING
    resting = {s.key: s.rests for chunk in tasks_owed(TODAY, 30) for s in chunk}
    assert resting[f"task:{task.pk}"]

    confirmed = department.confirm(sent, actor=chief)
    task.refresh_from_db()
    assert (task.state, task.closed_on) == (TaskState.CLOSED, TODAY)
    assert (cell().kind, cell().expected, cell().counted) == (CellKind.CONFIRMED, 1, 1)

    changed = make_content(date(2019, 8, 20), findings=(), checked="另查了消防设施。")
    edit_inspection(confirmed, changed, version=confirmed.version, actor=colleague, at=NOW)
    task.refresh_from_db()
    assert (task.state in OPEN_TASK_STATES, cell().kind) == (True, CellKind.AWAITING)


def test_what_a_predecessor_closed_itself_fulfils_nothing_of_the_heirs(
    department: Department, heir: Unit
) -> None:
    """区住建局 did the quarter before it went; the heir still owes what 区房管局 left undone."""
    department.confirmed(date(2019, 8, 1), date(2019, 8, 2))
    other = make_unit("fgj", "区房管局", order=14)
    other.successor, other.valid_to = heir, date(2019, 8, 31)
    other.save()
    row, system = Obligation.objects.get(), get_system_user()
    roles = UnitRoles(FulfilmentMode.SEPARATE, [(department.unit, None), (other, None)], [])
    assign_units(
        row,
        roles,
        version=row.version,
        actor=system,
        at=NOW,
        today=date(2019, 8, 30),
        reason="增列",
    )
    dissolve(department.unit)
    hand_over_to_successors(actor=department.people["office"], at=NOW, today=TODAY)

    moved = Task.objects.get(unit=heir, period="2019Q3")
    settle_open_tasks(actor=department.people["office"], at=NOW)

    moved.refresh_from_db()
    assert moved.state in OPEN_TASK_STATES
    assert Task.objects.get(unit=department.unit, period="2019Q3").state == TaskState.CLOSED


def test_reminders_of_a_hazard_go_to_whoever_took_over(
    department: Department, colleague: User
) -> None:
    Steps(department).registered()
    dissolve(department.unit)

    plan_notices(at=NOW, today=TODAY)

    notice = Notice.objects.get(kind="hazard-general")
    assert (notice.recipient, notice.unit.code) == (colleague, "zcj")


def test_looking_for_what_was_taken_over_costs_one_statement(
    department: Department, client: Client
) -> None:
    path = reverse("inspections:hazard_list")
    client.force_login(department.people["liaison"])
    before = statements_of(client, path)
    old = make_unit("old", "区房管局", order=14, valid_to=date(2019, 1, 31))
    old.successor = department.unit
    old.save()
    assert statements_of(client, path) == before
