"""A small ledger with everything that a table can carry, and its file in a tester's hands."""

import io
from dataclasses import dataclass
from datetime import date
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from clauses.models import Plan
from common.tracked import save_with_history
from organizations.enums import PostKind, UnitKind
from organizations.models import AliasMember, Unit, UnitAlias, User
from organizations.services.people import get_system_user
from responsibilities.enums import Frequency, FulfilmentMode
from responsibilities.excel.columns import COLUMNS
from responsibilities.excel.writing import HEADER_ROW
from responsibilities.models import Obligation
from responsibilities.services.assigning import UnitRoles, assign_units
from tests.builders import NOW, TODAY, make_plan, make_row, make_unit, make_user

HEADER = HEADER_ROW + 1  # openpyxl 从 1 数起
PLACES = {column.key: place for place, column in enumerate(COLUMNS, 1)}


@dataclass
class World:
    """The plan, its units and rows, and the person of the office."""

    plan: Plan
    office: User
    units: dict[str, Unit]
    rows: dict[str, Obligation]


def make_phrase(phrase: str, *units: Unit) -> UnitAlias:
    """Store a phrase of the text that means ``units``."""
    system = get_system_user()
    alias = UnitAlias(phrase=phrase)
    save_with_history(alias, actor=system, reason="测试", at=NOW)
    for unit in units:
        member = AliasMember(alias=alias, unit=unit)
        save_with_history(member, actor=system, reason="测试", at=NOW)
    return alias


def make_world() -> World:
    """Four rows: dated, periodic by a phrase, undecided with odd texts, and one without units."""
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    yjj = make_unit("yjj", "区应急管理局", order=2)
    jtj = make_unit("jtj", "区交通运输局", order=3)
    shabu = make_unit("shabu", "沙埠镇", kind=UnitKind.TOWN, order=20)
    nali = make_unit("nali", "那丽镇", kind=UnitKind.TOWN, order=21)
    towns = make_phrase("各镇(场、街道)", shabu, nali)
    plan = make_plan()
    rows = {
        "02-02": make_row(plan, "02-02", leads=[yjj], assists=[jtj], due_on=date(2020, 12, 31)),
        "02-01": make_row(plan, "02-01", leads=[], frequency=Frequency.QUARTERLY),
        "03-01": make_row(plan, "03-01", leads=[yjj], title="=HYPERLINK(1)"),
        "01-01": make_row(plan, "01-01", leads=[]),
    }
    roles = UnitRoles(FulfilmentMode.SEPARATE, [(shabu, towns), (nali, towns)], [(jtj, None)])
    rows["02-01"] = assign_units(
        rows["02-01"],
        roles,
        version=rows["02-01"].version,
        actor=get_system_user(),
        at=NOW,
        today=TODAY,
        reason="测试",
    )
    office = make_user("office", (awb, PostKind.OFFICE), name="安委办")
    units = {unit.code: unit for unit in (awb, yjj, jtj, shabu, nali)}
    return World(plan, office, units, rows)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def content_of(response: Any) -> bytes:
    content = b"".join(response.streaming_content)
    response.close()
    return content


def exported(client: Client, query: str = "") -> Any:
    """Export the ledger and open the workbook as a person would."""
    url = reverse("responsibilities:obligation_export")
    return openpyxl.load_workbook(io.BytesIO(content_of(client.get(f"{url}?{query}"))))


def lines_of(book: Any) -> dict[str, dict[str, Any]]:
    """Return code → column key → value of the rows of a table, headings of sections left out."""
    sheet = book.worksheets[0]
    found = {}
    for values in sheet.iter_rows(min_row=HEADER + 1, values_only=True):
        if any(value is not None for value in values[1:]):
            found[values[0]] = {key: values[place - 1] for key, place in PLACES.items()}
    return found


def place_of(book: Any, code: str, key: str) -> Any:
    """Return the cell of a row and a column."""
    sheet = book.worksheets[0]
    for number in range(HEADER + 1, sheet.max_row + 1):
        if sheet.cell(number, 1).value == code:
            return sheet.cell(number, PLACES[key])
    raise AssertionError(f"{code} is not in the table")


def saved(book: Any) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "任务分解表.xlsx") -> Any:
    """Upload a table and follow to its preview; a refusal comes back as it is."""
    file = SimpleUploadedFile(name, content)
    url = reverse("responsibilities:obligation_import")
    return client.post(url, {"file": file}, follow=True)


def preview(client: Client, book: Any) -> Any:
    """Upload an edited workbook. Returns: the dry run that the preview shows."""
    response = upload(client, saved(book))
    assert response.status_code == 200, response.context["form"].errors
    return response.context["found"]


def confirm(client: Client, book: Any, reason: str = "区安委会第三次会议纪要") -> Any:
    """Upload an edited workbook and confirm it. Returns: the answer to the confirmation."""
    response = upload(client, saved(book))
    token = response.context["token"]
    url = reverse("responsibilities:obligation_import_confirm", args=[token])
    return client.post(url, {"reason": reason, "seen": response.context["found"].fingerprint})
