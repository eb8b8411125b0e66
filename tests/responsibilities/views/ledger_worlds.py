"""A small ledger that the tests of its pages share, and how to read the page."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from clauses.models import Plan
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.models import Obligation
from tests.builders import dispatch, make_plan, make_row, make_unit, make_user

LEDGER = "/tasks/"


@dataclass
class Ledger:
    """Five rows of three clauses, today being 18 September 2019.

    late  02-02 区乙局, due 1 August: 48 days late · soon 02-01 both units each quarter: 12 days
    left · far 03-01 甲局 with 乙局 helping, due 31 December 2020: 470 days left ·
    draft 02-03 甲局, undecided · other 01-01 乙局 alone, due 31 December 2019: 104 days left.
    """

    plan: Plan
    units: dict[str, Unit]
    rows: dict[str, Obligation]
    people: dict[str, User] = field(default_factory=dict)


def make_ledger() -> Ledger:
    plan = make_plan()
    units = {
        "awb": make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1),
        "jia": make_unit("jia", "区甲局", order=10),
        "yi": make_unit("yi", "区乙局", order=20),
    }
    jia, yi = units["jia"], units["yi"]
    rows = {
        "soon": make_row(
            plan,
            "02-01",
            leads=[jia, yi],
            mode=FulfilmentMode.SEPARATE,
            frequency=Frequency.QUARTERLY,
            title="按季检查",
        ),
        "late": make_row(plan, "02-02", leads=[yi], due_on=date(2019, 8, 1), title="建立平台"),
        "far": make_row(
            plan, "03-01", leads=[jia], assists=[yi], due_on=date(2020, 12, 31), title="制定方案"
        ),
        "draft": make_row(plan, "02-03", leads=[jia], title="通报情况"),
        "other": make_row(
            plan, "01-01", leads=[yi], due_on=date(2019, 12, 31), title="降低事故总量"
        ),
    }
    dispatch(plan, *(row for name, row in rows.items() if name != "draft"))
    for row in rows.values():
        row.refresh_from_db()
    people = {
        "office": make_user("office", (units["awb"], PostKind.OFFICE)),
        "leader": make_user("leader", (units["awb"], PostKind.LEADER)),
        "auditor": make_user("auditor", (units["awb"], PostKind.AUDITOR)),
        "jia": make_user("jia", (jia, PostKind.LIAISON)),
        "yi": make_user("yi", (yi, PostKind.HEAD)),
    }
    return Ledger(plan, units, rows, people)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def codes(response: Any) -> list[str]:
    """Return the codes of the rows on the page, in their order."""
    return re.findall(r'<td class="c-code code">([^<]+)</td>', text_of(response))


def groups(response: Any) -> list[tuple[str, int]]:
    """Return the headings of the groups with their counts."""
    found = re.findall(r'scope="rowgroup">(.*?)<span class="cnt">(\d+)', text_of(response))
    return [(re.sub(r"<[^>]+>", "", label).strip(), int(count)) for label, count in found]


def tabs(response: Any) -> dict[str, int | None]:
    """Return the names of the views with their counts."""
    nav = text_of(response).split('id="views"')[1].split("</nav>")[0]
    found = re.findall(r'<a href="[^"]*"[^>]*>([^<]+?)(?: <span class="n">(\d+)</span>)?</a>', nav)
    return {name: int(count) if count else None for name, count in found}


def chips(response: Any) -> list[str]:
    return re.findall(r'<a class="chip on"[^>]*>([^<]+)<', text_of(response))
