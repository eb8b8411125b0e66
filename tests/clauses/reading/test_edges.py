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


def test_date_that_follows_the_last_stop_is_no_sentence():
    body = BRACKETED.rstrip("\n")
    for tail in (
        "\n（联系人：赵某）",
        "2023年8月1日",
        "钦南区安全生产委员会2023年8月1日",
        "二〇二三年八月一日",
    ):
        plan = read_plan(body + tail)
        assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")
    assert read_plan(body + "期限为2023年8月1日").text[-9:] == "2023年8月1日"
    assert read_plan(body + "期限至2023年8月1日").provisions[-1].end == len(body) + 12


def test_day_under_a_heading_is_no_signed_date():
    plan = read_plan(BRACKETED.replace("二、保障\n", "二、保障\n2024年3月5日\n"))
    assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")


def test_list_named_annex_between_two_clauses_does_not_end_the_plan():
    text = BRACKETED.replace("二、保障", "附：联络员\n1.甲同志\n2.乙同志\n二、保障")
    plan = read_plan(text)
    assert len(plan.clauses) == 4
    assert plan.text[: plan.body_end].endswith("由区纪委监委追责。")


def test_last_clause_of_one_sentence_is_no_title_because_a_signature_follows():
    plan = read_plan(f"{BRACKETED}（三）本方案印发后请各镇抓好落实。\n{SIGNED}附件\n{ANNEX}")
    last = plan.provisions[-1]
    assert plan.clauses[-1].title == ""
    assert plan.text[last.start : last.end] == "本方案印发后请各镇抓好落实。"


def test_sentence_that_introduces_the_clauses_is_no_address():
    text = f"某区整治方案\n各镇人民政府：\n经区政府同意，现提出以下措施：\n{BRACKETED[7:]}"
    preamble = [p for p in read_plan(text).provisions if p.is_preamble]
    assert [text[p.start : p.end] for p in preamble] == ["经区政府同意，现提出以下措施："]


def test_title_set_over_lines_with_blanks_between_is_the_one_that_the_notice_names():
    notice = (
        "关于印发《某区2023年重点工作任务分解方案》的通知\n\n各街道办事处：\n\n"
        "现将《某区2023年重点工作任务分解方案》印发给你们，请贯彻执行。\n\n"
        "某区人民政府\n\n2023年3月28日\n\n"
    )
    body = "\n\n".join(BRACKETED.splitlines()[1:])
    plan = read_plan(f"{notice}某区2023年重点工作\n\n任务分解方案\n\n{body}\n")
    assert plan.title == "某区2023年重点工作任务分解方案"


def test_heading_above_the_first_number_is_not_taken_for_the_title_above_the_preamble():
    plan = read_plan(
        "关于印发责任分解的通知\n各区人民政府：\n请认真组织实施。\n某市人民政府办公室\n"
        "2017年4月13日\n某市应急体系建设规划责任分解\n现将规划中的任务进行责任分解。\n"
        "应急体系9项建设任务\n（一）预案。各区要修订预案。\n（二）平台。各区要建设平台。\n"
    )
    assert plan.title == "某市应急体系建设规划责任分解"


def test_paper_that_the_first_sentence_cites_is_not_the_title():
    plan = read_plan(
        "为深入贯彻落实《中共中央 国务院关于推进安全生产领域改革发展的意见》精神，"
        "现就推进我市安全生产领域改革发展提出以下意见。\n"
        "一、责任\n1.领导责任\n各县每季度研究1次安全生产工作。\n"
        "二、监管\n2.部门责任\n市编办要编制权责清单。\n"
    )
    assert plan.title == ""


def test_line_that_heads_a_second_count_of_items_is_no_sentence_of_the_item_above():
    plan = read_plan(
        "某市责任分解\n9项建设任务\n（一）预案。各区要修订预案。\n（二）平台。各区要建设平台。\n"
        "7个重点建设项目\n（一）仓库。市粮食局要每年清查物资。\n"
    )
    assert [duty.bearers for duty in plan.proposals] == [("各区",), ("各区",), ("市粮食局",)]


def test_title_is_what_the_page_says_that_follows_in_full():
    plan = read_plan(
        "中共中央办公厅 国务院办公厅印发《安全生产责任制规定》\n来源：某某社\n"
        "《安全生产责任制规定》全文如下。\n第一章 总则\n第一条 各级党委要加强领导。\n"
        "第二条 各级政府要定期研究。\n"
    )
    assert plan.title == "安全生产责任制规定"
