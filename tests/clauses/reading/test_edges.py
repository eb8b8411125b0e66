"""Where the plan ends: signature, date and annexes, numbered or not, are outside it."""

import pytest

from clauses.reading import read_plan
from tests.clauses.reading.samples import labels

SIGNED = "钦南区消防安全委员会\n2024年3月5日\n"
ANNEX = "任务清单\n1.建立台账\n2.完成检查\n"
BRACKETED = (
    "某区整治方案\n一、任务\n（一）排查。各镇要排查。\n（二）整改。各镇要整改。\n"
    "二、保障\n（一）领导。各镇要加强领导。\n（二）问责。由区纪委监委追责。\n"
)
FIGURES = (
    "某区整治方案\n一、任务\n1.排查。各镇要排查。\n2.整改。各镇要整改。\n"
    "二、保障\n1.领导。各镇要加强领导。\n2.问责。由区纪委监委追责。\n"
)


@pytest.mark.parametrize(
    "head",
    ["附件1\n", "附件\n", "附件一：\n", "附 件 2\n", "附件1 ", "附件：", "附件1", "附表1-1\n"],
)
@pytest.mark.parametrize("signed", [SIGNED, ""], ids=["signed", "unsigned"])
@pytest.mark.parametrize("body", [BRACKETED, FIGURES], ids=["brackets", "figures"])
def test_numbered_annex_is_no_part_of_the_plan(body, signed, head):
    plan = read_plan(body + signed + head + ANNEX)
    assert labels(plan) == labels(read_plan(body))
    assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")
    assert len(plan.provisions) == 4


def test_list_after_signature_and_date_needs_no_word_of_annex():
    plan = read_plan(BRACKETED + SIGNED + ANNEX)
    assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")


def test_annex_longer_than_the_plan_does_not_take_its_place():
    rows = "".join(f"{n}.各镇要建立第{n}类场所安全台账，逐一登记销号。\n" for n in range(1, 30))
    plan = read_plan(f"{BRACKETED}{SIGNED}附件\n任务清单\n{rows}")
    assert plan.title == "某区整治方案"
    assert labels(plan) == ["（一）", "（二）"] * 2


def test_plan_in_the_annex_of_its_notice_is_the_plan():
    notice = "关于印发整治方案的通知\n各镇人民政府：\n一、请落实。\n二、请报送。\n"
    plan = read_plan(f"{notice}{SIGNED}附件\n{BRACKETED}")
    assert plan.title == "某区整治方案"
    assert len(plan.clauses) == 4


def test_list_named_annex_between_two_clauses_does_not_end_the_plan():
    text = BRACKETED.replace("二、保障", "附：联络员\n1.甲同志\n2.乙同志\n二、保障")
    plan = read_plan(text)
    assert len(plan.clauses) == 4
    assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")
