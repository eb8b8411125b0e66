"""Many rows at once: choose, look at each, confirm all of it or nothing."""

import re
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.test import Client

from responsibilities.enums import DeadlineKind
from responsibilities.models import Obligation
from responsibilities.services.breakdown import void_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from tests.builders import NOW, TODAY, make_row
from tests.responsibilities.views.ledger_worlds import Ledger, make_ledger, text_of
from tests.standing import built_once

pytestmark = pytest.mark.django_db
BULK = "/tasks/bulk/"
BY_MARCH = {
    "act": "deadline",
    "kind": "fixed",
    "due_on": "2020-03-31",
    "frequency": "",
    "basis": "区安委会会议纪要",
    "reason": "会议决定",
    "back": "clause=2",
}


whole = built_once(make_ledger)


@pytest.fixture
def ledger(db: None, whole: Ledger) -> Ledger:
    return deepcopy(whole)


@pytest.fixture
def office(client: Client, ledger: Ledger) -> Client:
    client.force_login(ledger.people["office"])
    return client


def _pks(ledger: Ledger, *names: str) -> list[str]:
    return [str(ledger.rows[name].pk) for name in names]


def _shown(response: Any) -> list[str]:
    """Return the pk:version pairs that the preview would confirm."""
    return re.findall(r'name="rows" value="(\d+:\d+)"', text_of(response))


def _confirm(client: Client, preview: Any, **fields: str) -> Any:
    return client.post(BULK, {**BY_MARCH, **fields, "step": "confirm", "rows": _shown(preview)})


def test_asks_for_the_new_deadline_of_the_ticked_rows(office: Client, ledger: Ledger) -> None:
    page = office.get(BULK, {"act": "deadline", "rows": _pks(ledger, "late", "far")})

    assert "给 2 项任务改时限" in text_of(page)
    assert "建立平台" in text_of(page)


def test_shows_before_and_after_row_by_row_and_writes_nothing(
    office: Client, ledger: Ledger
) -> None:
    rows = _pks(ledger, "late", "soon", "draft")

    page = office.post(BULK, {**BY_MARCH, "step": "preview", "rows": rows})

    assert page.status_code == 200
    for words in ("2019-08-01", "每季度", "待明确", "<b>2020-03-31</b>", "区安委会会议纪要"):
        assert words in text_of(page)
    assert "确认修改 3 项" in text_of(page)
    assert not Obligation.objects.filter(due_on="2020-03-31").exists()


def test_confirms_all_rows_and_goes_back_to_where_one_was(office: Client, ledger: Ledger) -> None:
    rows = _pks(ledger, "late", "draft")
    preview = office.post(BULK, {**BY_MARCH, "step": "preview", "rows": rows})

    answer = _confirm(office, preview)

    assert (answer.status_code, answer["Location"]) == (302, "/tasks/?clause=2")
    changed = Obligation.objects.filter(due_on="2020-03-31").values_list("code", flat=True)
    assert set(changed) == {"02-02", "02-03"}
    assert ledger.rows["late"].history.latest().history_change_reason == "会议决定"


def test_names_the_rows_that_refuse_and_leaves_them_out(office: Client, ledger: Ledger) -> None:
    void_obligation(ledger.rows["draft"], actor=ledger.people["office"], at=NOW, reason="重复")
    rows = _pks(ledger, "late", "draft")

    page = office.post(BULK, {**BY_MARCH, "step": "preview", "rows": rows})

    assert "02-03 已撤销" in text_of(page)
    assert "确认修改 1 项" in text_of(page)
    assert [pair.split(":")[0] for pair in _shown(page)] == _pks(ledger, "late")


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("测试依据", "02-02 的时限改了，依据还是原来的“测试依据”"),
        ("条文原文", "02-02 的条文没有写明 2020-03-31 这个日期"),
    ],
)
def test_names_the_rows_whose_deadline_would_move_without_a_new_basis(
    office: Client, ledger: Ledger, basis: str, words: str
) -> None:
    rows = _pks(ledger, "late")

    page = office.post(BULK, {**BY_MARCH, "basis": basis, "step": "preview", "rows": rows})

    assert words in text_of(page)
    assert _shown(page) == []


def test_changes_nothing_when_a_row_moved_after_the_preview_and_says_which(
    office: Client, ledger: Ledger
) -> None:
    rows = _pks(ledger, "late", "far")
    preview = office.post(BULK, {**BY_MARCH, "step": "preview", "rows": rows})
    others = {**BY_MARCH, "basis": "别的会议纪要"}
    _confirm(office, office.post(BULK, {**others, "step": "preview", "rows": rows[:1]}), **others)

    answer = _confirm(office, preview, due_on="2020-06-30")

    assert answer.status_code == 409
    assert "02-02 在您核对之后被别人改过" in text_of(answer)
    assert "刚被改过" in text_of(answer)
    assert not Obligation.objects.filter(due_on="2020-06-30").exists()
    # 页上已是最新内容,再确认一次就保存。
    assert _confirm(office, answer, due_on="2020-06-30").status_code == 302
    assert Obligation.objects.filter(due_on="2020-06-30").count() == 2


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"due_on": ""}, "固定日期或年(季、月)底前的时限要填写到期日。"),
        ({"kind": "periodic", "due_on": ""}, "周期任务要选定每月、每季度、每半年或每年。"),
        ({"kind": "continuous"}, "请清空到期日或改选时限类型。"),
        ({"basis": ""}, "请写明时限的依据"),
        ({"reason": ""}, "请写明理由。"),
    ],
)
def test_a_form_that_does_not_hold_together_comes_back_as_typed(
    office: Client, ledger: Ledger, wrong: dict[str, str], sentence: str
) -> None:
    fields = {**BY_MARCH, **wrong, "step": "preview", "rows": _pks(ledger, "late")}

    page = office.post(BULK, fields)

    assert page.status_code == 422
    assert sentence in text_of(page).replace("（", "(").replace("）", ")")
    if "basis" not in wrong:
        assert 'value="区安委会会议纪要"' in text_of(page)


def test_one_can_go_back_from_the_preview_with_everything_kept(
    office: Client, ledger: Ledger
) -> None:
    page = office.post(BULK, {**BY_MARCH, "step": "edit", "rows": _pks(ledger, "late")})

    assert page.status_code == 200
    assert 'value="2020-03-31"' in text_of(page)
    assert Obligation.objects.get(code="02-02").due_on.isoformat() == "2019-08-01"


def test_gives_rows_another_lead(office: Client, ledger: Ledger) -> None:
    fields = {"act": "lead", "unit": "yi", "reason": "职能调整", "back": ""}
    rows = _pks(ledger, "far", "soon")
    preview = office.post(BULK, {**fields, "step": "preview", "rows": rows})
    assert "由各单位分别落实" in text_of(preview)
    assert "确认修改 1 项" in text_of(preview)

    answer = office.post(BULK, {**fields, "step": "confirm", "rows": _shown(preview)})

    assert answer.status_code == 302
    lead = ledger.rows["far"].assignments.get(role="lead")
    assert lead.unit.code == "yi"


def test_a_new_lead_that_would_be_late_at_once_is_marked(office: Client, ledger: Ledger) -> None:
    fields = {"act": "lead", "reason": "职能调整", "step": "preview"}
    late, far = (
        text_of(office.post(BULK, fields | {"unit": unit, "rows": _pks(ledger, name)}))
        for name, unit in (("late", "jia"), ("far", "yi"))
    )

    assert "一接手就是逾期（" in late
    assert "确认修改 1 项" in far
    assert "一接手就是逾期" not in far


@pytest.mark.parametrize("unit", ["nobody", ""])
def test_a_lead_must_be_chosen_from_the_list(office: Client, ledger: Ledger, unit: str) -> None:
    fields = {"act": "lead", "unit": unit, "reason": "职能调整", "step": "preview"}

    answer = office.post(BULK, {**fields, "rows": _pks(ledger, "far")})

    assert answer.status_code == 422


@pytest.mark.parametrize(
    "query",
    ["", "act=deadline", "act=deadline&rows=abc", "act=burn&rows=1", "act=lead&rows=999999"],
)
def test_an_empty_choice_leads_back_to_the_ledger(office: Client, query: str) -> None:
    answer = office.get(f"{BULK}?{query}", follow=True)

    assert answer.redirect_chain == [("/tasks/", 302)]
    assert "请先在台账里勾选" in text_of(answer)


@pytest.mark.parametrize("who", ["leader", "auditor", "jia"])
@pytest.mark.parametrize("step", ["preview", "confirm"])
def test_only_the_office_comes_here(client: Client, ledger: Ledger, who: str, step: str) -> None:
    client.force_login(ledger.people[who])
    rows = [f"{ledger.rows['far'].pk}:{ledger.rows['far'].version}"]

    assert client.get(BULK, {"act": "deadline", "rows": rows}).status_code == 403
    assert client.post(BULK, {**BY_MARCH, "step": step, "rows": rows}).status_code == 403
    assert Obligation.objects.get(code="03-01").deadline_kind == DeadlineKind.FIXED
    assert not Obligation.objects.filter(due_on="2020-03-31").exists()


def test_the_ticked_rows_are_the_ones_chosen_for_dispatch(office: Client, ledger: Ledger) -> None:
    ready = ledger.rows["draft"]
    spare = make_row(ledger.plan, "03-01", leads=[ledger.units["jia"]], due_on=date(2020, 1, 31))
    set_deadline(
        ready,
        Deadline(DeadlineKind.CONTINUOUS, "会议纪要"),
        version=ready.version,
        actor=ledger.people["office"],
        at=NOW,
        today=TODAY,
        reason="测试",
    )
    bar = text_of(office.get("/tasks/"))
    assert f'formaction="/plan/{ledger.plan.code}/dispatch/"' in bar

    page = text_of(office.get(f"/plan/{ledger.plan.code}/dispatch/", {"rows": [spare.pk]}))

    boxes = re.findall(r'<input[^>]*name="row"[^>]*>', page)
    ticked = [re.search(r'value="(\d+)"', box)[1] for box in boxes if "checked" in box]
    assert ticked == [str(spare.pk)]
