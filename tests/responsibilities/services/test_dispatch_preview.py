"""What a dispatch would make is counted before it is made."""

from datetime import date

import pytest

from clauses.models import Plan
from organizations.enums import UnitKind
from organizations.models import Unit
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.models import Obligation, Task
from responsibilities.services.dispatch import Preview, find_problems, preview_dispatch
from tests.builders import TODAY, decline_rest, dispatch, make_plan, make_row, make_unit

pytestmark = pytest.mark.django_db
JULY = date(2019, 7, 1)


@pytest.fixture
def plan() -> Plan:
    return make_plan()


@pytest.fixture
def rows(plan: Plan) -> list[Obligation]:
    units: list[Unit] = [
        make_unit("jtj", "区交通运输局"),
        make_unit("zjj", "区住房和城乡建设局", order=11),
    ]
    congress = make_unit("rd", "区人大常委会", kind=UnitKind.SUPERVISORY_BODY, order=12)
    return [
        make_row(
            plan, "02-01", leads=units, mode=FulfilmentMode.SEPARATE, frequency=Frequency.QUARTERLY
        ),
        make_row(plan, "02-02", leads=units[:1], assists=units[1:], due_on=date(2020, 12, 31)),
        make_row(plan, "02-03", leads=[congress], frequency=Frequency.YEARLY),
    ]


def test_the_preview_counts_units_and_periods(rows: list[Obligation]) -> None:
    # 三、四季度 × 2 个单位 = 4 件，加一件限时任务；只作联系的机关不产生办理件。
    assert preview_dispatch(rows, today=TODAY, starts_on=JULY) == Preview(tasks=5, units=2)


def test_the_preview_says_what_would_be_late_at_once(rows: list[Obligation]) -> None:
    # 从4月1日起算，两个单位的二季度（到6月30日）在9月18日已过。
    counted = preview_dispatch(rows, today=TODAY, starts_on=date(2019, 4, 1))

    assert (counted.tasks, counted.overdue) == (7, 2)


def test_the_preview_writes_nothing_and_comes_true(plan: Plan, rows: list[Obligation]) -> None:
    counted = preview_dispatch(rows, today=TODAY, starts_on=JULY)

    assert not Task.objects.exists()
    dispatch(plan, *rows, starts_on=JULY)
    assert Task.objects.count() == counted.tasks


def test_every_problem_names_its_sentences_and_rows(plan: Plan, rows: list[Obligation]) -> None:
    bare = make_row(plan, "03-01", leads=[])

    problems = {str(problem.kind): problem.codes for problem in find_problems(plan, [bare])}

    assert problems == {
        "open_sentence": ("00-01", "01-01"),
        "no_lead": ("03-01",),
        "no_deadline": ("03-01",),
    }


def test_a_plan_that_is_ready_has_no_problems(plan: Plan, rows: list[Obligation]) -> None:
    decline_rest(plan)

    assert find_problems(plan, rows) == []
