"""What the district tells the public: compared, chosen column by column, frozen, withdrawn."""

import csv
import hashlib
import io
import json
import re
from datetime import date

import pytest
from django.test import override_settings
from django.urls import reverse

from assessments.enums import Grade
from assessments.models import UnitScore
from common.errors import DomainError, NotAllowed
from common.templatetags.display import fullwidth
from organizations.enums import PostKind, UnitKind
from qinnan_safety.models import OpenField, Publication
from qinnan_safety.publication.comparing import Change, compare
from qinnan_safety.publication.fields import FIELDS
from qinnan_safety.publication.page import PublicPage
from qinnan_safety.publication.publishing import (
    content_of,
    open_now,
    prepare,
    publish,
    set_openness,
    withdraw,
)
from responsibilities.enums import ReportKind
from responsibilities.models import Task
from responsibilities.services.progress import ReportContent, receive_task, submit_report
from tests.assessments.world import make_district, published
from tests.builders import NOW, TODAY, dispatch, make_plan, make_row, make_unit, make_user

pytestmark = pytest.mark.django_db

HOSTILE = "=1+1<script>alert(1)</script>"
TABLES = ("obligations", "units", "grades")


@pytest.fixture
def office(db):
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    return make_user("office", (awb, PostKind.OFFICE), name="陆秘密")


@pytest.fixture
def ledger(office):
    """One task late since 10 September, one due in December; a third row is not dispatched."""
    plan, zjj, jtj = (
        make_plan(),
        make_unit("zjj", "区住建局", order=10),
        make_unit("jtj", "区交通局"),
    )
    late = make_row(plan, "02-02", leads=[zjj], due_on=date(2019, 9, 10), title=f"\u202e{HOSTILE}")
    rest = make_row(
        plan, "03-01", leads=[jtj, zjj], assists=[], due_on=date(2019, 12, 20), title="制定方案",
        mode="separate",
    )  # fmt: skip
    make_row(plan, "02-03", leads=[zjj], due_on=date(2019, 12, 20), title="没有下发的事")
    dispatch(plan, late, rest)
    return plan


def make_edition(office):
    _, seen = prepare(office, today=TODAY)
    return publish(seen_sha256=seen, reason="例行公布，陆秘密经办", actor=office, at=NOW)


def public_bodies(client, number):
    """Every public page and file of an edition as text."""
    names = ["public_edition", "public_tasks", "public_dictionary"]
    urls = [reverse("public_home"), *(reverse(name, args=[number]) for name in names)]
    files = [(t, e) for t in TABLES for e in ("csv", "json")]
    files += [("snapshot", "json"), ("dictionary", "json")]
    urls += [reverse("public_data", args=[number, *file]) for file in files]
    answers = {url: client.get(url) for url in urls}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {url: answer.content.decode() for url, answer in answers.items()}


def test_the_snapshot_holds_what_was_worked_out_by_hand(office, ledger):
    content = content_of(make_edition(office))

    rows = content["tables"]["obligations"]
    assert [(r["code"], r["status"], r["steps"], r["done"], r["deadline"]) for r in rows] == [
        ("02-02", "慢了", 1, 0, "2019-09-10"),
        ("03-01", "正常", 2, 0, "2019-12-20"),
    ]
    assert rows[1]["clause"] == "（三）属地责任"
    assert content["tables"]["units"] == [
        {"code": "zjj", "unit": "区住建局", "steps": 2, "done": 0, "late": 1},
        {"code": "jtj", "unit": "区交通局", "steps": 1, "done": 0, "late": 0},
    ]
    assert content["tables"]["grades"] == []
    assert (content["as_of"], content["period"]) == ("2019-09-18", "2019Q3")


def test_the_comparison_names_what_comes_goes_and_changes():
    opened = ["units.code", "units.unit", "units.done", "units.late"]
    row = {"code": "a", "unit": "甲局", "done": 1, "late": 0}
    gone = {"code": "b", "unit": "乙局", "done": 0, "late": 0}
    new = {"code": "c", "unit": "丙局", "done": 3}
    before = {"open": opened, "tables": {"units": [row, gone]}}
    after = {"open": opened[:3], "tables": {"units": [{**row, "done": 2}, new]}}

    units = compare(before, after)[1]

    assert (units.added, units.gone, units.closed) == (("丙局",), ("乙局",), ("慢了的件数",))
    assert units.changed == (Change("甲局", (("已办结件数", 1, 2),)),)


def test_the_stored_bytes_are_frozen_with_their_fingerprint(office, ledger, client):
    edition = make_edition(office)

    answer = client.get(reverse("public_data", args=[1, "snapshot", "json"]))

    assert hashlib.sha256(answer.content).hexdigest() == edition.sha256
    assert answer["Content-Type"] == "application/json; charset=utf-8"


def test_figures_that_moved_since_they_were_seen_are_not_published(office, ledger, client):
    client.force_login(office)
    words = {"seen": "0" * 64, "reason": "第三季度例行公布"}

    answer = client.post(reverse("publication_publish"), words)

    assert answer.status_code == 422
    assert "您看过对照之后台账又有变化" in answer.content.decode()
    assert 'value="第三季度例行公布"' in answer.content.decode()
    assert not Publication.objects.exists()


def test_the_office_publishes_from_the_page_and_the_edition_says_who_and_why(
    office, ledger, client
):
    client.force_login(office)
    _, seen = prepare(office, today=TODAY)
    desk = client.get(reverse("publication_desk")).content.decode()

    answer = client.post(
        reverse("publication_publish"), {"seen": seen, "reason": "例行公布"}, follow=True
    )

    assert "新增 2 行" in desk
    edition = Publication.objects.get()
    assert (edition.number, edition.reason, edition.published_by) == (1, "例行公布", office)
    assert edition.history.get().history_change_reason == "公布：例行公布"
    assert "已公布第 1 期。" in answer.content.decode()


def test_every_changed_row_can_be_seen_before_it_is_published(office, ledger, client, monkeypatch):
    """Two units have more late tasks in January; one is listed, the other folded under it."""
    make_edition(office)
    monkeypatch.setattr("qinnan_safety.publication.office.SHOWN", 1)
    client.force_login(office)

    with override_settings(QINNAN_TODAY="2020-01-10"):
        desk = client.get(reverse("publication_desk")).content.decode()

    _, listed = desk.split("改动 2 行")
    first, folded = listed.split("<summary>其余 1 行</summary>")
    assert ("区住建局" in first, "区交通局" in first) == (True, False)
    assert "区交通局" in folded


def test_nothing_personal_reaches_the_public(office, ledger, client):
    unit = Task.objects.filter(obligation__code="02-02").get().unit
    liaison = make_user("li-secret", (unit, PostKind.LIAISON), name="李秘密")
    task = Task.objects.get(obligation__code="02-02")
    receive_task(task, actor=liaison, at=NOW)
    words = "张秘密手机13877712345，请王秘密联系。"
    report = ReportContent(kind=ReportKind.PROGRESS, summary=words, next_steps=words)
    submit_report(task, report, token="t", actor=liaison, at=NOW)
    make_edition(office)

    bodies = public_bodies(client, 1)

    poison = ("秘密", "13877712345", "li-secret", "office", "没有下发的事")
    assert [(url, word) for url, text in bodies.items() for word in poison if word in text] == []


def test_a_hostile_title_stays_text_everywhere(office, ledger, client):
    make_edition(office)

    bodies = public_bodies(client, 1)

    pages = [text for url, text in bodies.items() if "." not in url]
    assert all("<script>alert" not in text for text in pages)
    table = csv.reader(io.StringIO(bodies[reverse("public_data", args=[1, "obligations", "csv"])]))
    assert [row[2] for row in table][1] == f"'{fullwidth(HOSTILE)}"


@pytest.mark.parametrize("name", [field.name for field in FIELDS if not field.is_fixed])
def test_a_column_that_is_closed_vanishes_everywhere(office, ledger, client, name):
    field = next(field for field in FIELDS if field.name == name)
    everything = {f.name for f in FIELDS}
    if open_now() != everything:
        set_openness(everything, reason="全部公开", actor=office, at=NOW)
    set_openness(everything - {name}, reason="核对中", actor=office, at=NOW)
    make_edition(office)

    bodies = public_bodies(client, 1)

    table, key, label = field.table, field.key, field.label
    head = bodies[reverse("public_data", args=[1, table, "csv"])].splitlines()[0]
    assert label not in head.split(",")
    assert f'"{key}":' not in json.dumps(content_of(Publication.objects.get())["tables"][table])
    told = json.loads(bodies[reverse("public_data", args=[1, "dictionary", "json"])])["tables"]
    fields = {t["table"]: [f["key"] for f in t["fields"]] for t in told}
    assert key not in fields[table]


def test_a_closed_progress_is_not_told_by_the_page_either(office, ledger, client):
    set_openness(open_now() - {"obligations.status"}, reason="核对中", actor=office, at=NOW)
    make_edition(office)

    page = client.get(reverse("public_home")).content.decode()
    tasks = client.get(reverse("public_tasks", args=[1]) + "?status=慢了").content.decode()

    assert "方案分成 2 件事。" in page
    assert 'name="status"' not in tasks
    assert OpenField.history.get().history_change_reason == "核对中"


def test_only_a_unit_that_leads_something_in_the_list_is_a_link_to_it(office, ledger, client):
    def linked() -> list[str]:
        page = client.get(reverse("public_home")).content.decode()
        return re.findall(r'leads=[^"]+">([^<]+)</a>', page)

    edition = make_edition(office)
    assert linked() == ["区住建局", "区交通局"]

    set_openness(open_now() - {"obligations.leads"}, reason="核对中", actor=office, at=NOW)
    make_edition(office)
    assert linked() == []

    content = content_of(edition)  # 区交通局 handed its part on and keeps what it had closed
    content["tables"]["obligations"][1]["leads"] = "区住建局"
    page = PublicPage(edition, content)
    assert [(unit["unit"], unit["leads"]) for unit in page.units] == [
        ("区住建局", True),
        ("区交通局", False),
    ]


def test_the_page_says_the_numbers_of_the_snapshot(office, ledger, client):
    make_edition(office)

    page = client.get(reverse("public_home")).content.decode()
    late = client.get(reverse("public_tasks", args=[1]), {"status": "慢了"}).content.decode()
    led = client.get(reverse("public_tasks", args=[1]), {"leads": "区交通局"}).content.decode()

    assert "方案分成 2 件事，0 件办结，1 件慢了。" in page
    assert page.index("区住建局") < page.index("区交通局")
    assert "符合条件的 1 件事" in late
    assert "制定方案" in led
    assert "02-02" not in led


def test_data_is_asked_for_again_only_when_it_changed(office, ledger, client):
    make_edition(office)
    url = reverse("newest_data", args=["units", "csv"])
    first = client.get(url)

    again = client.get(url, headers={"if-none-match": first["ETag"]})

    assert first.content.startswith(b"\xef\xbb\xbf")
    assert first["Content-Type"] == "text/csv; charset=utf-8"
    assert first["Last-Modified"] == "Wed, 18 Sep 2019 01:30:00 GMT"
    assert again.status_code == 304


def test_a_withdrawn_edition_says_so_and_gives_no_data_while_the_older_stays(
    office, ledger, client
):
    make_edition(office)
    second = make_edition(office)
    withdraw(second, reason="口径有误，更正后重新公布", actor=office, at=NOW)

    page = client.get(reverse("public_home")).content.decode()

    assert "第 2 期已撤回" in page
    assert "口径有误，更正后重新公布" in page
    for address in (
        reverse("public_data", args=[2, "units", "csv"]),
        reverse("public_tasks", args=[2]),
        reverse("public_dictionary", args=[2]),
    ):
        gone = client.get(address)
        assert gone.status_code == 410
        assert "口径有误，更正后重新公布" in gone.content.decode()
    newest = client.get(reverse("newest_data", args=["units", "csv"]))
    assert newest["Content-Disposition"] == 'attachment; filename="qinnan-1-units.csv"'
    older = client.get(reverse("public_edition", args=[1])).content.decode()
    assert "最近一期是第 2 期（已撤回）" in older
    with pytest.raises(DomainError, match="这一期已经撤回"):
        withdraw(second, reason="再撤一次", actor=office, at=NOW)

    withdraw(Publication.objects.get(number=1), reason="全部停用", actor=office, at=NOW)
    assert client.get(reverse("newest_data", args=["units", "csv"])).status_code == 410


def test_before_the_first_edition_the_page_says_so(client):
    assert "还没有公布" in client.get(reverse("public_home")).content.decode()


def test_grades_come_from_a_published_assessment_without_points_or_ranks(client):
    district = make_district()
    make_unit("care", "区民政局", order=2, assessment_class="class3")
    make_unit("town", "沙埠镇", order=30, assessment_class="township")
    district.compute()
    unpublished = prepare(district.office, today=TODAY)[0]["tables"]["grades"]
    published(district)
    grades = prepare(district.office, today=TODAY)[0]["tables"]["grades"]
    make_edition(district.office)
    page = client.get(reverse("public_home")).content.decode()

    assert unpublished == []
    assert [(row["unit"], row["period"]) for row in grades] == [
        (unit, "2019年第三季度") for unit in ("区民政局", "区住建局", "区交通局", "沙埠镇")
    ]
    assert re.findall('<h3 class="gap-s">(.*?)</h3>', page) == [
        "镇（场、街道）",
        "一类（监管）",
        "三类（支持保障）",
    ]
    assert {*grades[0]} == {"code", "unit", "period", "category", "grade"}
    assert {row["grade"] for row in grades} <= {*Grade.labels}
    assert "排名不分先后，不公布分数" in page
    for score in UnitScore.objects.all():
        assert str(score.total) not in page


def test_only_the_office_publishes(office, ledger):
    leader = make_user("leader", (make_unit("anweihui", "区安委会"), PostKind.LEADER))
    _, seen = prepare(office, today=TODAY)

    with pytest.raises(NotAllowed):
        publish(seen_sha256=seen, reason="越权", actor=leader, at=NOW)
