"""Plans of other shapes: which level is the clause, and what belongs to it."""

from datetime import date

import pytest

from clauses.reading import UnreadablePlan, read_plan
from tests.clauses.reading.samples import labels, read_sample, slices, titles, wrapped

BODY = "各部门要做好安全生产工作，加强检查，消除隐患。"


def test_numbered_tasks_under_heads_are_the_clauses():
    plan = read_sample("tasks_under_heads")
    assert labels(plan) == ["1.", "2.", "3.", "1.", "2."]
    assert [c.path for c in plan.clauses] == ["2.1", "2.2", "2.3", "3.1", "3.2"]
    assert [s.heading for s in plan.sections] == ["总体要求", "重点任务", "保障措施"]


def test_notice_with_numbers_of_its_own_is_not_the_plan():
    plan = read_sample("tasks_under_heads")
    assert plan.title == "某某区安全生产治本攻坚三年行动实施方案（2024—2026年）"
    assert "提高认识" not in plan.text[plan.body_start : plan.body_end]
    assert plan.text[: plan.body_end].endswith("将工作情况纳入年度安全生产考核。")


def test_text_of_a_head_without_clauses_is_kept_as_loose_sentences():
    plan = read_sample("tasks_under_heads")
    loose = [plan.text[p.start : p.end] for p in plan.provisions if p.clause is None]
    assert loose[-1] == "到2026年底，重大事故隐患动态清零。"


def test_notes_give_bearers_leads_and_dates_to_the_sentences_before_them():
    plan = read_sample("tasks_under_heads")
    second = [p for p in plan.proposals if p.clause == 2]
    assert [p.deadline for p in second] == [date(2025, 6, 30), date(2025, 9, 30)]
    assert second[0].leads == ("区应急管理局",)
    assert second[0].bearers == ("区应急管理局", "区住建局", "区交通运输局", "区消防救援大队")
    third = [p for p in plan.proposals if p.clause == 3]
    assert third[0].bearers[:2] == ("区应急管理局", "区人力资源和社会保障局")
    assert third[0].deadline == date(2025, 12, 31)
    assert third[0].frequency == "yearly"


def test_heading_with_other_numbers_than_the_rest_has_clauses_as_well():
    plan = read_plan(
        "某区整治方案\n一、主要任务\n（一）排查隐患。县公安局2024年6月底前完成。\n"
        "（二）整改到位。县交通局每月通报一次。\n"
        "二、工作要求\n1．加强领导。各乡镇每季度报告一次。\n2．严格督查。县安委办完成督查。\n"
        "本方案自印发之日起施行，有效期至2025年12月31日。\n"
    )
    assert labels(plan) == ["（一）", "（二）", "1．", "2．"]
    assert [c.path for c in plan.clauses] == ["1.1", "1.2", "2.1", "2.2"]
    assert plan.text[: plan.body_end].endswith("县安委办完成督查。")


def test_text_without_line_ends_keeps_a_title_apart_from_the_first_item_and_its_date():
    plan = read_plan(
        "某区整治方案\n一、主要任务\n（一）压实责任1.燃气企业要于2023年6月底前完成自查。"
        "2.县住建局每半年组织一次督查。（二）强化监管3.县商务局每月通报一次。\n"
    )
    assert [c.path for c in plan.clauses] == ["1.1.1", "1.1.2", "1.2.3"]
    assert [p.bearers for p in plan.proposals] == [("燃气企业",), ("县住建局",), ("县商务局",)]
    assert [p.deadline for p in plan.proposals] == [date(2023, 6, 30), None, None]


def test_list_in_a_sentence_gives_each_item_its_own_bearer_and_date():
    plan = read_plan(
        "某区整治方案\n一、主要任务\n（一）排查。各镇要排查。\n（二）宣传。一是县委宣传部在2024年"
        "5月底前制定方案；二是开设专栏；三是各乡镇组织宣讲。\n"
    )
    items = [p for p in plan.proposals if p.clause == 2]
    assert [p.bearers for p in items] == [("县委宣传部",), (), ("各乡镇",)]
    assert [p.deadline for p in items] == [date(2024, 5, 31), None, None]


def test_two_rates_in_a_sentence_make_two_proposals():
    plan = read_sample("tasks_under_heads")
    first = [p for p in plan.proposals if p.clause == 1]
    assert [p.frequency for p in first] == ["quarterly", "half-yearly"]
    last = [p.frequency for p in plan.proposals if p.clause == 5]
    assert last[:2] == ["monthly", "quarterly"]


def test_rate_before_a_phase_with_its_own_date_is_not_the_phase_s():
    plan = read_plan(
        "某区方案\n一、要求\n各镇每月报告进展，第一阶段2025年6月底前完成，第二阶段12月底前完成。\n"
        "二、安排\n区安委办每季度督查一次，集中整治阶段（2025年5月至10月）。\n"
    )
    assert [(p.bearers, p.deadline, p.frequency) for p in plan.proposals] == [
        (("各镇",), None, "monthly"),
        (("各镇",), date(2025, 6, 30), None),
        (("各镇",), date(2025, 12, 31), None),
        (("区安委办",), date(2025, 10, 31), "quarterly"),
    ]


def test_end_of_year_without_a_year_makes_no_date():
    plan = read_sample("tasks_under_heads")
    fourth = next(p for p in plan.proposals if p.clause == 4)
    assert (fourth.deadline, fourth.deadline_text) == (None, "年底前")


def test_articles_without_chapters_keep_their_paragraphs_and_items():
    plan = read_sample("articles_only")
    assert labels(plan) == [f"第{n}条" for n in "一二三四五六七"]
    assert plan.sections == ()
    assert "本办法第五条规定的指标" in slices(plan)[2]
    assert "（三）事故控制情况。" in slices(plan)[3]
    assert slices(plan)[6] == "第七条　本办法自2025年1月1日起施行。"


def test_taking_effect_is_no_duty_and_yearly_dates_have_no_year():
    plan = read_sample("articles_only")
    assert not [p for p in plan.proposals if p.clause == 7]
    dated = read_plan(plan.text.replace("起施行。", "起施行，有效期5年。"))
    assert not [p for p in dated.proposals if p.clause == 7]
    assert all(p.deadline is None for p in plan.proposals)
    third = [p for p in plan.proposals if p.clause == 3]
    assert third[1].deadline_text == "每年1月31日前"
    assert third[1].frequency == "yearly"


def test_decimal_numbers_are_clauses_and_quantities_are_not():
    plan = read_sample("decimal_levels")
    assert labels(plan) == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]
    assert [c.number_text for c in plan.clauses] == labels(plan)
    assert [s.heading for s in plan.sections] == ["总则", "组织体系", "应急保障"]
    assert "1.5万人以上疏散" in slices(plan)[1]


def test_restart_under_unnumbered_headings_makes_sections():
    plan = read_sample("restarting_brackets")
    assert labels(plan) == ["（一）", "（二）", "（三）", "（一）", "（二）"]
    assert [(s.number, s.heading) for s in plan.sections] == [(1, "工作重点"), (2, "工作要求")]
    assert [c.section for c in plan.clauses] == [1, 1, 1, 2, 2]
    assert slices(plan)[2].endswith("建成集中充电点。")
    assert plan.text[: plan.body_end].endswith("开展宣传。")


def test_measures_that_stand_a_level_higher_are_clauses_as_well():
    plan = read_sample("mixed_depth")
    assert [c.path for c in plan.clauses] == ["2.1.1", "2.1.2", "2.2.1", "2.2.2", "3.1", "3.2"]
    assert plan.title == "某某区城镇燃气安全专项整治工作方案"
    loose = [plan.text[p.start : p.end] for p in plan.provisions if p.clause is None]
    assert "——坚持问题导向。" in loose


def test_list_of_annexes_at_the_foot_is_outside_the_plan():
    plan = read_sample("mixed_depth")
    assert plan.text[: plan.body_end].endswith("对责任不落实的，依法依规追究责任。")


def test_clause_that_is_only_a_title_and_a_note_is_a_duty():
    plan = read_sample("mixed_depth")
    (duty,) = [p for p in plan.proposals if p.clause == 4]
    assert plan.text[duty.start : duty.end] == "强化第三方施工管理。（区住房城乡建设局负责）"
    assert duty.bearers == ("区住房城乡建设局",)


def test_whole_notice_on_one_line_keeps_lists_inside_their_clause():
    plan = read_sample("one_line_notice")
    assert labels(plan) == ["一、", "二、", "三、", "四、"]
    assert titles(plan)[1] == "突出防范重点"
    assert plan.text[: plan.body_end].endswith("对工作不力的予以约谈。")
    named = [p.bearers for p in plan.proposals if p.clause == 2]
    assert named == [("公安交警大队",), ("区消防救援大队",), ("区应急管理局",)]


def test_articles_may_restart_in_every_chapter():
    plan = read_sample("chapters_parts_articles")
    assert [c.path for c in plan.clauses] == ["1.1.1", "1.1.2", "1.2.1", "2.1", "2.2"]
    assert titles(plan)[0] == "党政同责"
    assert [s.heading for s in plan.sections] == ["责任体系", "保障措施"]


def test_numbers_beyond_twenty_and_words_with_one_in_them():
    plan = read_sample("thirty_two_measures")
    assert len(plan.clauses) == 32
    assert labels(plan)[20:23] == ["二十一、", "二十二、", "二十三、"]
    assert plan.clauses[31].title == "执法效能" or plan.clauses[31].title == "提升执法效能"
    quarterly = [p for p in plan.proposals if p.frequency == "quarterly"]
    assert [p.clause for p in quarterly] == [5, 10, 15, 20, 25, 30]
    assert quarterly[0].bearers == ("市安委办", "各县（市、区）人民政府", "市安委会")


def test_window_in_a_phase_heading_is_the_limit_of_the_phase():
    plan = read_sample("phases")
    phases = {p.clause: p.deadline for p in plan.proposals if p.clause in {3, 4, 5}}
    assert phases == {3: date(2025, 3, 31), 4: date(2025, 10, 31), 5: date(2025, 12, 31)}
    month = (
        "某区方案\n（一）排查阶段（2024年5月至10月）。各镇开展排查。\n"
        "（二）总结阶段（2024年11月）。各镇开展总结。\n"
    )
    dates = [proposal.deadline for proposal in read_plan(month).proposals]
    assert dates == [date(2024, 10, 31), date(2024, 11, 30)]


def test_titles_end_with_stop_colon_or_line():
    plan = read_sample("phases")
    assert titles(plan)[:2] == ["全面排查企业风险", "开展执法检查"]


def test_item_titles_inside_a_clause_make_no_duty():
    plan = read_sample("phases")
    sources = [plan.text[p.start : p.end] for p in plan.proposals]
    assert "1.企业自查。" not in sources
    assert "企业要逐条整改。" in sources


@pytest.mark.parametrize("name", ["tasks_under_heads", "phases", "thirty_two_measures"])
@pytest.mark.parametrize("width", [24, 30, 41])
def test_wrapping_changes_neither_clauses_nor_cues(name, width):
    plan = read_sample(name)
    narrow = read_plan(wrapped(plan.text, width))
    assert [c.path for c in narrow.clauses] == [c.path for c in plan.clauses]
    assert titles(narrow) == titles(plan)
    cues = [(p.clause, p.deadline, p.frequency, p.bearers) for p in plan.proposals]
    assert [(p.clause, p.deadline, p.frequency, p.bearers) for p in narrow.proposals] == cues


def test_groups_without_words_of_their_own_are_no_clauses():
    text = "某区方案\n一、任务\n"
    number = 0
    for group in "一二三":
        text += f"（{group}）统筹推进，形成合力。\n"
        for _ in range(3):
            number += 1
            text += f"{number}.落实责任。{BODY}\n"
    plan = read_plan(text)
    assert labels(plan) == [f"{n}." for n in range(1, 10)]
    assert {c.section for c in plan.clauses} == {1}


def test_lists_ending_with_semicolons_are_items_of_their_clause():
    items = "\n".join(f"{n}.加强第{n}类场所的检查和督促；" for n in range(1, 6))
    plan = read_plan(f"某区方案\n（一）检查重点\n{items}\n（二）检查要求\n{items}\n")
    assert labels(plan) == ["（一）", "（二）"]


def test_list_in_a_sentence_does_not_count_as_clauses():
    text = "某区方案\n" + "\n".join(f"（{n}）责任。{BODY}" for n in "一二三四")
    text += (
        "\n（五）范围。有下列情形的，要追究责任：（一）漏报；（二）瞒报；（六）迟报。\n（六）其他。"
        + BODY
    )
    assert labels(read_plan(text)) == [f"（{n}）" for n in "一二三四五六"]


def test_arabic_numbers_may_stand_above_bracketed_ones():
    text = "某区方案\n"
    for n in range(1, 4):
        text += f"{n}.总体安排\n（一）落实责任。{BODY}\n（二）加强监管。{BODY}\n"
    plan = read_plan(text)
    assert [c.path for c in plan.clauses] == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]


def test_table_of_contents_is_not_the_plan():
    text = f"某区方案\n目录\n一、总体要求\n二、任务\n\n一、总体要求\n{BODY}\n二、任务\n{BODY}\n"
    plan = read_plan(text)
    assert titles(plan) == ["总体要求", "任务"]
    assert BODY in slices(plan)[0]


def test_skipped_number_at_the_start_of_a_paragraph_is_still_a_clause():
    text = "某区方案\n" + "\n".join(f"（{n}）责任。{BODY}" for n in "一二四五")
    assert [c.number for c in read_plan(text).clauses] == [1, 2, 4, 5]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("方案\n㈠责任。{0}\n㈡监管。{0}\n㈢考核。{0}", "(一)"),
        ("方案\n１．责任。{0}\n２．监管。{0}\n３．考核。{0}", "1."),
        ("方案\n⒈责任。{0}\n⒉监管。{0}\n⒊考核。{0}", "1."),
        ("方案\n(１)责任。{0}\n（2)监管。{0}\n⑶考核。{0}", "(1)"),
        ("方案\n① 责任。{0}\n②监管。{0}\n③考核。{0}", "①"),
        ("方案\n第1条 {0}\n第2条 {0}\n第3条 {0}", "第X条"),
        ("方案\n一 总体责任\n{0}\n二 综合监管\n{0}\n三 严格考核\n{0}", "一、"),
        ("方案\n任务一：责任。{0}\n任务二：监管。{0}\n任务三：考核。{0}", "任务一"),
        ("方案\n第一，责任。{0}\n第二，监管。{0}\n第三，考核。{0}", "任务一"),
        ("方案\n壹、责任。{0}\n贰、监管。{0}\n叁、考核。{0}", "壹、"),
        ("方案\n一）责任。{0}\n二）监管。{0}\n三）考核。{0}", "(一)"),
        ("方案\n第一部分 责任\n{0}\n第二部分 监管\n{0}\n第三部分 考核\n{0}", "第X部分"),
    ],
)
def test_every_way_of_writing_numbers_is_known(text, form):
    plan = read_plan(text.format(BODY) + "\n")
    assert [c.number for c in plan.clauses] == [1, 2, 3]
    assert plan.clause_form == form


def test_more_than_ninety_nine_parts_are_counted_on():
    lines = [f"{n}.落实第{n}类场所责任。{BODY}（区应急局负责）" for n in range(1, 131)]
    assert [c.number for c in read_plan("\n".join(["某区清单", *lines])).clauses][-1] == 130


@pytest.mark.parametrize("text", ["", "没有编号的一段话。" * 10, "1234567890 " * 20])
def test_text_without_numbered_structure_is_refused(text):
    with pytest.raises(UnreadablePlan, match="没有找到"):
        read_plan(text)


def test_text_that_runs_on_behind_a_heading_is_a_sentence():
    text = (
        "某区方案一、总体目标全区燃气事故零发生。二、活动主题 人人讲安全个个会应急。三、主要任务"
        "(一)排查餐饮场所.区商务局牵头,区住建局配合.(二)更换软管.各镇要更换软管."
        "(三)打击黑气.区公安分局要打击充装.(四)加强宣传.各镇要发放手册.四、抓好落实。"
    )
    plan = read_plan(text)
    assert [s.heading for s in plan.sections] == ["总体目标", "活动主题", "主要任务", "抓好落实"]
    assert titles(plan) == ["排查餐饮场所", "更换软管", "打击黑气", "加强宣传"]
    sentences = [plan.text[p.start : p.end] for p in plan.provisions]
    assert sentences == [
        "全区燃气事故零发生。", "人人讲安全个个会应急。", "区商务局牵头,区住建局配合.",
        "各镇要更换软管.", "区公安分局要打击充装.", "各镇要发放手册.", "抓好落实。",
    ]  # fmt: skip
    assert [p.leads for p in plan.proposals][:1] == [("区商务局",)]


def test_short_first_phrase_on_a_level_with_few_titles_is_no_duty():
    text = "某区方案\n1.强化源头管控。各镇要清查车辆。\n2.各单位要高度重视。\n3.按要求报送信息。\n"
    plan = read_plan(text)
    sources = [plan.text[p.start : p.end] for p in plan.proposals]
    assert sources == ["各镇要清查车辆。", "各单位要高度重视。", "按要求报送信息。"]
    assert plan.text[plan.provisions[0].start : plan.provisions[0].end] == "强化源头管控。"


def test_period_alone_is_no_duty():
    text = f"某区方案\n一、行动时间\n2025年6月1日至6月30日。\n二、任务\n{BODY}\n三、要求\n{BODY}\n"
    assert [p.clause for p in read_plan(text).proposals] == [2, 3]


def test_note_behind_a_title_governs_the_clause_and_is_no_part_of_the_title():
    text = (
        "某区方案\n一、治理任务（牵头单位：区林业局）\n"
        "1.清障扩带（责任单位：供电局、各镇，2025年3月31日前完成）\n要清理线路走廊。\n"
        "2.设备改造（责任单位：供电局；完成时限：2025年11月）。逐步改造老旧线路。\n"
        "3.联合巡护（含节假日）。由区林业局会同供电局每半个月开展一次巡护。\n"
    )
    plan = read_plan(text)
    assert [s.heading for s in plan.sections] == ["治理任务"]
    assert titles(plan) == ["清障扩带", "设备改造", "联合巡护（含节假日）"]
    assert [(p.bearers, p.deadline, p.frequency_text) for p in plan.proposals] == [
        (("供电局", "各镇"), date(2025, 3, 31), ""),
        (("供电局",), date(2025, 11, 30), ""),
        (("区林业局", "供电局"), None, "每半个月开展一次"),
    ]


def test_title_of_an_item_on_a_line_of_its_own_is_no_duty():
    items = "（1）全面摸清底数\n各镇要建立台账。\n（2）依法整治隐患\n各镇要督促整改。\n"
    text = f"某区方案\n一、任务\n1.摸排。各镇要全面部署，{BODY}\n{items}2.考核。{BODY}\n"
    plan = read_plan(text)
    sources = [plan.text[p.start : p.end] for p in plan.proposals if p.clause == 1]
    assert sources[1:] == ["各镇要建立台账。", "各镇要督促整改。"]


def test_bracket_ends_the_title_of_a_phase_where_no_stop_does():
    plan = read_plan(
        "某镇方案\n一、步骤\n（一）动员阶段（3月1日前）各村要制定方案，开展检查。\n"
        "（二）总结阶段（3月12日）各村要报送总结，整理台账。\n"
    )
    assert [clause.title for clause in plan.clauses] == [
        "动员阶段（3月1日前）",
        "总结阶段（3月12日）",
    ]
    assert [duty.bearers for duty in plan.proposals] == [("各村",), ("各村",)]


def test_duties_of_a_post_are_those_of_whoever_the_line_above_the_list_names():
    plan = read_plan(
        "某区规定\n第一条 区委主要负责人安全生产职责主要包括：\n（一）每半年至少听取1次汇报；\n"
        "（二）把安全生产纳入党委议事日程。\n第二条 本规定由区委办公室解释。\n"
    )
    assert [(duty.bearers, duty.frequency) for duty in plan.proposals] == [
        (("区委主要负责人",), "half-yearly"),
        (("区委主要负责人",), None),
    ]


def test_short_phrase_that_begins_an_item_is_its_title_and_a_row_of_such_phrases_is_not():
    plan = read_plan(
        "某镇方案\n一、措施\n一是加强领导。各村要每月召开例会。\n二是加强宣传。镇宣传办要开展宣传。\n"
        "二、要求\n一是压实责任。二是严格检查。三是通报结果。\n"
    )
    duties = [plan.text[duty.start : duty.end] for duty in plan.proposals]
    assert duties == [
        "各村要每月召开例会。",
        "镇宣传办要开展宣传。",
        "一是压实责任。",
        "二是严格检查。",
        "三是通报结果。",
    ]
