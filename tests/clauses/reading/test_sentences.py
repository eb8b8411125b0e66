"""Where a sentence ends, and which first sentence of a clause is no title."""

from datetime import date

from clauses.reading import read_plan
from clauses.reading.sentences import sentences
from tests.clauses.reading.samples import titles


def cut(text):
    return [text[start:end] for start, end in sentences(text, 0, len(text))]


def test_semicolons_do_not_end_a_sentence():
    assert cut("做甲;做乙。做丙!") == ["做甲;做乙。", "做丙!"]


def test_stop_inside_quotes_or_brackets_does_not_end_it():
    assert cut("坚持“先甲。后乙”的原则(见附件。另行通知)办理。完。") == [
        "坚持“先甲。后乙”的原则(见附件。另行通知)办理。",
        "完。",
    ]


def test_closing_quote_and_note_go_with_the_sentence():
    assert cut("他说“要落实。”再做。(甲局负责)又做。") == [
        "他说“要落实。”",
        "再做。(甲局负责)",
        "又做。",
    ]


def test_end_of_paragraph_ends_a_sentence_without_a_stop():
    assert cut("制定如下方案\n 做好工作。") == ["制定如下方案", "做好工作。"]


def test_bracket_that_never_closes_does_not_swallow_the_paragraph():
    text = "开头(没有关上" + "甲" * 700 + "。后面一句。"
    assert cut(text)[-1] == "后面一句。"


def test_first_sentence_that_says_who_and_when_is_a_duty_and_no_title():
    plan = read_plan(
        "某区方案\n一、任务\n（一）加强领导。各镇要明确责任人。\n"
        "（二）各镇每季度报告一次。区安委办汇总。\n"
        "（三）区应急局2025年6月底前建成平台。各部门要配合。\n"
    )
    assert titles(plan) == ["加强领导", "", ""]
    assert [(p.bearers, p.deadline, p.frequency) for p in plan.proposals] == [
        (("各镇",), None, None),
        (("各镇",), None, "quarterly"),
        (("区安委办",), None, None),
        (("区应急局",), date(2025, 6, 30), None),
        (("各部门",), None, None),
    ]
