"""The demonstration: its history runs in the order of its dates, through a reform as well."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.tracked import save_with_history
from organizations.enums import UnitKind
from organizations.models import User
from organizations.services.people import get_system_user
from qinnan_safety.demo import Story, load_demo
from responsibilities.as_of import as_it_was
from responsibilities.enums import Frequency, FulfilmentMode, TaskState
from responsibilities.models import Task
from tests.builders import NOW, decline_rest, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db
REFORM = date(2019, 4, 1)


def test_a_reform_in_the_demonstration_leaves_its_history_in_order() -> None:
    make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    make_unit("anweihui", "区安委会", kind=UnitKind.COMMITTEE, order=2)
    make_unit("shabu", "沙埠镇", kind=UnitKind.TOWN, order=3)
    zjj = make_unit("zjj", "区住建局")
    old, heir = make_unit("ajj", "区安监局", order=11), make_unit("yjj", "区应急局", order=12)
    plan = make_plan()
    for code in ("02-01", "02-02", "02-03"):
        make_row(
            plan,
            code,
            leads=[zjj, old],
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
        )
    old.valid_to, old.successor, heir.valid_from = date(2019, 3, 31), heir, REFORM
    for unit in (old, heir):
        save_with_history(unit, actor=get_system_user(), reason="机构改革", at=NOW)
    decline_rest(plan)

    load_demo(plan, Story(today=date(2019, 9, 18), dispatched_on=date(2019, 1, 15)))

    for task in Task.objects.all():
        dates = list(task.history.order_by("history_id").values_list("history_date", flat=True))
        assert dates == sorted(dates), task
    told = as_it_was(Task, date(2019, 9, 18)).values_list("id", "state")
    assert dict(told) == dict(Task.objects.values_list("id", "state"))
    assert old.tasks.filter(period="2019Q1", state=TaskState.CLOSED).exists()
    assert not heir.tasks.filter(received_at__date__lt=REFORM).exists()


def test_a_demonstration_is_not_put_before_the_first_day_of_the_records(settings) -> None:
    settings.DEMO = True
    call_command("init", today=date(2019, 9, 18), stdout=StringIO())

    with pytest.raises(CommandError, match=r"2018-12-16 以后登记的.*另换一个空的数据目录"):
        call_command("load_demo", today=date(2019, 9, 18), stdout=StringIO())

    assert not User.objects.filter(is_demo=True).exists()


def test_demonstration_and_work_in_earnest_are_never_mixed(settings) -> None:
    settings.DEMO = True
    make_user("lim")
    people = User.objects.count()

    with pytest.raises(CommandError, match=r"正式使用的数据.*另换一个空的数据目录"):
        call_command("load_demo", today=date(2019, 9, 18), stdout=StringIO())

    assert User.objects.filter(is_demo=True).count() == 0
    assert User.objects.count() == people
