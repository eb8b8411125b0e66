"""Plans that count their parts by name (任务一：) or in capitals (壹、)."""

from datetime import date

from clauses.reading import read_plan
from tests.clauses.reading.samples import labels, read_sample, slices, titles, wrapped


def cues(plan, clause):
    return [
        (p.bearers, p.deadline, p.deadline_text, p.frequency)
        for p in plan.proposals
        if p.clause == clause
    ]


def test_tasks_counted_by_name_are_the_clauses():
    plan = read_sample("named_tasks")
    assert labels(plan)[:5] == ["任务一：", "任务二：", "任务三：", "任务四：", "任务五："]
    assert [c.path for c in plan.clauses] == ["2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2"]
    assert titles(plan)[0] == "全面摸清底数"
    assert [s.heading for s in plan.sections] == ["总体要求", "主要任务", "工作要求"]
    assert "附件" not in slices(plan)[-1]
    narrow = read_plan(wrapped(plan.text, 28))
    assert titles(narrow) == titles(plan)


def test_each_item_of_a_list_in_a_sentence_keeps_its_own_bearer_and_time():
    plan = read_sample("named_tasks")
    assert cues(plan, 4) == [
        (("区公安分局",), date(2026, 1, 10), "2026年1月10日前", None),
        (("区城管局", "各街道"), None, "", None),
        (("社区网格员",), None, "", "daily"),
    ]
    weekly, last = cues(plan, 7)
    assert weekly == (("各单位",), None, "每周五下午5时前", "weekly")
    assert last == (("各单位",), date(2026, 3, 5), "2026年3月5日前", None)


def test_a_limit_at_the_head_of_the_sentence_governs_all_who_are_named():
    duty = "2025年6月底前，区住建局完成鉴定；区教育局完成排查。"
    text = f"某区方案\n一、任务\n{duty}\n二、要求\n抓好落实。\n"
    (whole,) = [p for p in read_plan(text).proposals if p.clause == 1]
    assert (whole.bearers, whole.deadline) == (("区住建局", "区教育局"), date(2025, 6, 30))


def test_capital_numerals_head_the_sections():
    plan = read_sample("capital_heads")
    assert [(s.label, s.heading) for s in plan.sections] == [
        ("壹、", "健全责任体系"), ("贰、", "深化重点整治"), ("叁、", "夯实基层基础")
    ]  # fmt: skip
    assert [c.number for c in plan.clauses] == [1, 2, 3, 4, 5, 6]
    assert cues(plan, 1)[0][0] == ("各镇党委、政府主要负责人",)
    assert cues(plan, 2) == [
        (("区应急局", "区委编办", "区安委办"), date(2024, 6, 30), "２０２４年６月底前", None)
    ]
    assert cues(plan, 3)[-1] == (("区市场监管局", "公安交警大队"), None, "两个月内", None)
    (bare,) = cues(plan, 4)
    assert bare[0][-2:] == ("各镇党委和政府", "各街道党工委和办事处")
    assert cues(plan, 5)[-1] == (("各镇（街道）",), None, "三年内", None)
    assert [text for _, _, text, _ in cues(plan, 6)] == ["每月５日前", "１２月１０日前"]


def test_stages_give_their_window_and_its_year_to_what_is_done_in_them():
    text = (
        "某区方案\n一、范围\n全区园区。\n二、步骤\n"
        "第一阶段：宣传发动（2024年3月—4月）。各镇召开动员会。各镇于4月15日前报送方案。\n"
        "第二阶段：集中整治（2024年5月—12月）。各镇每月25日前报送进展。\n"
        "三、要求\n（一）抓好落实。\n"
    )
    plan = read_plan(text)
    assert [(p.deadline, p.deadline_text) for p in plan.proposals[:3]] == [
        (date(2024, 4, 30), "2024年3月—4月"), (date(2024, 4, 15), "4月15日前"), (None, "每月25日前")
    ]  # fmt: skip
