"""The district's own plan: 7 sections, 33 clauses, 173 sentences, and what they ask."""

from datetime import date

import pytest

from clauses.reading import as_json, read_plan
from tests.clauses.reading.samples import reference_entry, reference_text, wrapped


@pytest.fixture(scope="module")
def plan():
    return read_plan(reference_text())


@pytest.fixture(scope="module")
def proposals(plan):
    return {proposal.provision: proposal for proposal in plan.proposals}


def test_sections_stand_where_the_fixture_places_them(plan):
    expected = [
        (s["number"], s["heading"], s["start"], s["end"]) for s in reference_entry()["sections"]
    ]
    assert [(s.number, s.heading, s.start, s.end) for s in plan.sections] == expected


def test_clauses_stand_where_the_fixture_places_them(plan):
    expected = [
        (c["number"], c["section"], c["title"], c["start"], c["end"])
        for c in reference_entry()["clauses"]
    ]
    found = [(c.number, c.section, c.title, c.start, c.end) for c in plan.clauses]
    assert found == expected
    assert len(found) == 33


def test_sentences_stand_where_the_fixture_places_them(plan):
    expected = [(p["code"], p["start"], p["end"]) for p in reference_entry()["provisions"]]
    assert [(p.code, p.start, p.end) for p in plan.provisions] == expected
    assert sum(p.clause is not None for p in plan.provisions) == 173


def test_cover_notice_and_page_footer_are_not_the_plan(plan):
    assert [plan.body_start, plan.body_end] == reference_entry()["body"]
    assert plan.title == "钦南区推进安全生产领域改革发展实施方案(征求意见稿)"
    assert plan.version_label == "征求意见稿"
    assert "相关信息" not in plan.text[plan.body_start : plan.body_end]


def test_second_paragraph_without_a_number_belongs_to_its_clause(plan):
    tenth = plan.clauses[9]
    assert "完善各类工业区、开发区" in plan.text[tenth.start : tenth.end]
    assert [p.code for p in plan.provisions if p.clause == 10][-1] == "10-05"


def test_only_dated_sentence_is_the_information_platform(proposals):
    dated = {code: p.deadline for code, p in proposals.items() if p.deadline}
    assert dated == {"21-02": date(2020, 12, 31)}
    assert proposals["21-02"].deadline_text == "2020年年底前"


def test_stated_rates_are_the_quarterly_inspection_and_the_yearly_drills(proposals):
    assert proposals["04-06"].frequency == "quarterly"
    assert proposals["04-06"].times == 1
    assert proposals["04-06"].bearers == ("各有关部门主要负责人",)
    assert proposals["11-04"].frequency == "yearly"
    assert proposals["11-04"].bearers == ("区、镇政府(街道办事处)", "行业部门")


def test_regular_without_an_interval_stays_unspecified(proposals):
    unspecified = {c for c, p in proposals.items() if p.frequency == "periodic-unspecified"}
    assert unspecified == {
        "05-04", "06-05", "16-01", "16-05", "16-06", "17-02", "19-05", "19-08",
        "20-01", "20-04", "22-02", "22-03", "33-01",
    }  # fmt: skip


def test_a_year_after_the_case_is_counted_from_the_event(proposals):
    assert proposals["18-06"].deadline is None
    assert proposals["18-06"].deadline_text == "事故结案一年内"
    assert proposals["18-06"].frequency == "event-driven"
    assert proposals["18-06"].within == "1 year"


def test_guiding_ideas_and_targets_make_no_duty(proposals):
    assert not {"01-01", "02-01", "02-02"} & proposals.keys()


def test_bearers_are_phrases_of_their_sentence(plan, proposals):
    for proposal in proposals.values():
        source = plan.text[proposal.start : proposal.end]
        assert all(bearer in source for bearer in proposal.bearers)


def test_sentences_that_name_nobody_have_no_bearer(proposals):
    assert proposals["21-02"].bearers == ()
    assert proposals["12-01"].bearers == ()


def test_json_texts_are_exact_slices_of_the_file(plan):
    output = as_json(plan)
    assert [c["number"] for c in output["clauses"]] == [str(n) for n in range(1, 34)]
    assert all(c["text"] in plan.text for c in output["clauses"])
    assert all(o["source_text"] in plan.text for o in output["obligations"])


def _one_line(text):
    return " ".join(line.strip() for line in text.split("\n") if line.strip())


def _no_breaks(text):
    return text.replace("\n", "")


def _wrapped_pages(text):
    return wrapped(text, 38, page=22, header="钦南区人民政府办公室文件")


def _full_width(text):
    return "".join(chr(ord(c) + 0xFEE0) if 0x21 <= ord(c) <= 0x7E else c for c in text)


@pytest.mark.parametrize(
    "change",
    [_one_line, _no_breaks, _wrapped_pages, _full_width, lambda text: wrapped(text, 30, indent="")],
    ids=["one line", "no breaks", "pages", "full width", "wrapped without indent"],
)
def test_same_plan_on_another_page_gives_the_same_clauses_and_cues(change):
    plan = read_plan(change(reference_text()))
    assert [c.number for c in plan.clauses] == list(range(1, 34))
    assert len(plan.sections) == 7
    assert plan.clauses[0].title == "指导思想"
    dated = [p for p in plan.proposals if p.deadline]
    assert [p.deadline for p in dated] == [date(2020, 12, 31)]
    assert [p.provision[:2] for p in plan.proposals if p.frequency == "quarterly"] == ["04"]
