"""Plans as a district office has them: read by hand first, then by the reader."""

from datetime import date

from clauses.reading import read_file, read_plan
from tests.clauses.reading.samples import PLANS, labels, read_sample

STREETS = "镇（街道、农场）"
DEPARTMENTS = (
    "区消防救援大队",
    "区公安分局",
    "区市场监管局",
    "区教育局",
    "区卫生健康局",
    "区文体旅局",
)


def duties(plan):
    return [
        (p.bearers, p.deadline, p.deadline_text, p.frequency)
        for p in plan.proposals
        if p.clause is not None
    ]


def test_plan_annexed_to_a_notice_is_read_as_a_person_reads_it():
    plan = read_sample("notice_with_annexed_plan")
    assert plan.title == "钦南区“九小场所”消防安全综合治理实施方案"
    assert [s.heading for s in plan.sections] == ["治理范围", "治理内容", "方法步骤", "工作要求"]
    assert labels(plan) == ["（一）", "（二）", "（三）"] * 3
    assert plan.text[: plan.body_end].endswith("依法依规追究责任。")
    autumn = "2024年6月1日至10月31日"
    assert duties(plan) == [
        ((), None, "", None),
        ((), None, "", "half-yearly"),
        ((), None, "", None),
        ((f"各{STREETS}",), date(2024, 5, 31), "2024年5月10日至5月31日", None),
        (("场所负责人",), date(2024, 6, 20), "6月20日前", None),
        (("村（社区）网格员",), None, "2个工作日内", None),
        (DEPARTMENTS, date(2024, 10, 31), autumn, "quarterly"),
        (("各单位",), date(2024, 11, 20), "11月20日前", None),
        (("各级各部门",), None, "", None),
        ((), None, "", None),
        (("行业主管部门",), None, "", None),
        ((STREETS,), None, "", "monthly"),
        ((), None, "", "event-driven"),
    ]


def test_township_plan_of_two_levels_keeps_the_date_of_a_list_for_its_items():
    plan = read_sample("township_work_plan")
    assert [c.path for c in plan.clauses] == [
        "1.1",
        "1.2",
        "1.3",
        "2.1",
        "2.2",
        "3.1",
        "3.2",
        "3.3",
    ]
    autumn = (date(2025, 9, 30), "2025年9月30日前", None)
    assert duties(plan) == [
        ((), None, "", None),
        (("各村(社区)",), None, "3月1日前", None),
        (("镇林业站",), None, "", "weekly"),
        (("各村",), None, "清明节前", None),
        (("中小学校",), None, "", None),
        ((), None, "", None),
        (("护林员",), None, "", "daily"),
        ((), *autumn),
        (("村级",), *autumn),
        (("林场",), *autumn),
    ]
    (watch,) = [p for p in plan.proposals if p.clause is None]
    assert (watch.bearers, watch.deadline_text) == (("镇、村两级",), "30分钟内")
    assert (watch.frequency, watch.frequency_text) == ("event-driven", "遇有火情")


def test_paper_on_one_line_reads_as_it_does_on_its_lines():
    text = read_file(PLANS / "notice_with_annexed_plan.txt")
    lined, unbroken = read_plan(text), read_plan("".join(line.strip() for line in text.split("\n")))
    assert unbroken.title == lined.title
    assert [c.path for c in unbroken.clauses] == [c.path for c in lined.clauses]
    assert duties(unbroken) == duties(lined)
    assert unbroken.text[: unbroken.body_end].endswith("依法依规追究责任。")
    opening = unbroken.text[unbroken.preamble_start : unbroken.preamble_end]
    assert opening.startswith("为加强小商场")
    assert opening.endswith("制定本方案。")


def test_paper_on_one_line_without_a_notice_keeps_its_title_its_levels_and_its_foot():
    plan = read_plan(
        "某区人民政府办公室关于加强燃气安全的实施意见各镇人民政府，区直各单位：为加强燃气安全，"
        "现提出如下意见：一、重点任务（一）压实责任1.燃气企业要于2023年6月底前完成自查。"
        "2.区住建局每半年督查一次。（二）强化监管3.区商务局每月通报一次。二、工作要求（一）加强领导。"
        "各镇要明确专人。（二）严格督查。区安委办要通报。本意见自印发之日起施行。某区人民政府办公室2023年4月18日（此件公开发布）"
    )
    assert plan.title == "某区人民政府办公室关于加强燃气安全的实施意见"
    assert [c.path for c in plan.clauses] == ["1.1", "1.2", "2.1", "2.2"]
    assert plan.text[: plan.body_end].endswith("区安委办要通报。")


def test_article_put_in_between_is_a_clause_of_its_own():
    plan = read_plan(
        "某市安全管理办法\n第一条　市政府应当每年检查。\n第二条　县局依照第一条之一的规定办理。\n"
        "第二条之一　企业应当：\n（一）每日开展巡查；\n（二）于2024年3月底前完成自评。\n"
        "第二条之二　有下列情形之一的，由县局责令改正：\n（一）未开展巡查；\n（二）未建立台账。\n"
        "第三条　各镇应当建立台账。\n"
    )
    assert labels(plan) == ["第一条", "第二条", "第二条之一", "第二条之二", "第三条"]
    assert [c.number_text for c in plan.clauses] == ["1", "2", "2之1", "2之2", "3"]
    third = [(p.bearers, p.frequency, p.deadline) for p in plan.proposals if p.clause == 3]
    assert third == [(("企业",), "daily", None), (("企业",), None, date(2024, 3, 31))]
    assert [p.bearers for p in plan.proposals if p.clause == 4] == [("县局",), (), ()]


def test_duty_with_items_below_is_no_mere_heading():
    plan = read_plan(
        "某区燃气整治方案\n一、整治\n1.压实责任。企业要自查。\n（1）建立台账\n①逐户登记。\n"
        "（2）限期30日内整改到位\n①对拒不整改的，依法处罚。\n②整改情况要公示。\n"
        "2.区商务局要于2025年6月底前完成餐饮场所排查\n（1）核对底数。\n（2）区消防大队要抽查。\n"
    )
    asked = [(plan.text[p.start : p.end], p.bearers, p.deadline_text) for p in plan.proposals]
    assert "（1）建立台账" not in [source for source, _, _ in asked]
    assert asked[2:] == [
        ("（2）限期30日内整改到位", (), "30日内"),
        ("①对拒不整改的，依法处罚。", (), ""),
        ("②整改情况要公示。", (), ""),
        ("区商务局要于2025年6月底前完成餐饮场所排查", ("区商务局",), "2025年6月底前"),
        ("（1）核对底数。", ("区商务局",), "2025年6月底前"),
        ("（2）区消防大队要抽查。", ("区消防大队",), "2025年6月底前"),
    ]
