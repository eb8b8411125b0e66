"""Breaking down: rows from sentences, and what happens to the sentences."""

import pytest

from clauses.enums import Disposition
from clauses.models import Plan
from clauses.services.dispositions import decline_provision
from common.errors import DomainError, NotAllowed, StaleVersion
from organizations.enums import PostKind
from organizations.services.people import get_system_user
from responsibilities.enums import ObligationState
from responsibilities.models import Obligation
from responsibilities.services.breakdown import (
    TextWords,
    Wording,
    join_obligation,
    leave_obligation,
    make_obligation,
    merge_obligations,
    revise_obligation,
    split_obligation,
    void_obligation,
)
from tests.builders import NOW, make_plan, make_row, make_unit, make_user, sentence

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    return make_plan()


def act(service, *args, **kwargs):
    return service(*args, actor=get_system_user(), at=NOW, **kwargs)


def disposition(plan: Plan, code: str) -> str:
    return sentence(plan, code).disposition


def test_making_a_row_settles_its_sentence(plan: Plan) -> None:
    row = act(make_obligation, sentence(plan, "02-02"), Wording("建立信息平台"))

    assert row.code == "02-02"
    assert row.sources.get().text == "区安监局要建立信息平台。"
    assert disposition(plan, "02-02") == Disposition.OBLIGATION


def test_a_row_can_rest_on_a_part_of_a_sentence(plan: Plan) -> None:
    whole = sentence(plan, "03-01")
    start = whole.start + whole.text.index("明确责任人")

    row = act(make_obligation, whole, Wording("明确责任人"), span=(start, start + 5))

    assert row.sources.get().text == "明确责任人"


def test_a_part_outside_the_sentence_is_refused(plan: Plan) -> None:
    whole = sentence(plan, "03-01")

    with pytest.raises(DomainError, match="所选文字不在 03-01 句之内"):
        act(make_obligation, whole, Wording("越界"), span=(whole.start - 1, whole.end))

    assert not Obligation.objects.exists()


def test_the_preamble_makes_no_row(plan: Plan) -> None:
    with pytest.raises(DomainError, match="前言中的句子不属于任何条款"):
        act(make_obligation, sentence(plan, "00-01"), Wording("前言"))


def test_joining_a_second_sentence_keeps_both_directions(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])

    act(join_obligation, row, sentence(plan, "02-03"))

    assert [s.provision.code for s in row.sources.all()] == ["02-02", "02-03"]
    assert disposition(plan, "02-03") == Disposition.OBLIGATION


def test_taking_a_sentence_out_reopens_it(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])
    source = act(join_obligation, row, sentence(plan, "02-03"))

    act(leave_obligation, source, reason="并错了")

    assert disposition(plan, "02-03") == Disposition.OPEN
    removed = type(source).history.filter(history_type="-").get()
    assert removed.history_change_reason == "并错了"


def test_the_only_sentence_of_a_row_cannot_be_taken_out(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])

    with pytest.raises(DomainError, match="唯一的出处"):
        act(leave_obligation, row.sources.get(), reason="试试")


def test_splitting_makes_a_second_row_with_the_same_units(plan: Plan) -> None:
    unit = make_unit("zjj", "区住房和城乡建设局")
    row = make_row(plan, "03-01", leads=[unit])

    part = act(split_obligation, row, Wording("明确责任人"), reason="一句两事")

    assert part.code == "03-01b"
    assert part.assignments.get().unit == unit
    assert part.sources.get().provision.code == "03-01"


def test_both_parts_of_a_split_row_keep_the_words_of_the_time(plan: Plan) -> None:
    words = TextWords(deadline_text="到2020年")
    row = act(make_obligation, sentence(plan, "01-01"), Wording("减少事故"), words=words)
    rate = TextWords(frequency_text="每季度")
    checks = act(make_obligation, sentence(plan, "02-01"), Wording("检查"), words=rate)

    part = act(split_obligation, row, Wording("降低总量"), reason="一句两事")
    again = act(split_obligation, checks, Wording("复查"), reason="一句两事")

    times = Obligation.objects.in_bulk([row.pk, part.pk]).values()
    assert [one.deadline_text for one in times] == ["到2020年", "到2020年"]
    rates = Obligation.objects.in_bulk([checks.pk, again.pk]).values()
    assert [one.frequency_text for one in rates] == ["每季度", "每季度"]
    assert (part.due_on, again.frequency) == (None, "")


def test_merging_moves_sentences_and_voids_the_other_row(plan: Plan) -> None:
    target, other = make_row(plan, "02-02", leads=[]), make_row(plan, "02-03", leads=[])

    act(merge_obligations, target, other, reason="同一件事")

    other.refresh_from_db()
    assert other.state == ObligationState.VOID
    assert [s.provision.code for s in target.sources.all()] == ["02-02", "02-03"]
    taken = target.sources.get(provision__code="02-03").history.first()
    assert taken.history_change_reason == "合并 02-03：同一件事"
    assert disposition(plan, "02-03") == Disposition.OBLIGATION


def test_voiding_a_row_reopens_its_sentence_and_needs_a_reason(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])

    with pytest.raises(DomainError, match="要写明理由"):
        act(void_obligation, row, reason=" ")
    act(void_obligation, row, reason="上级已统一建设")

    assert disposition(plan, "02-02") == Disposition.OPEN
    assert row.history.first().history_change_reason == "上级已统一建设"


def test_a_declined_sentence_needs_a_reason_and_a_carried_one_is_refused(plan: Plan) -> None:
    make_row(plan, "02-02", leads=[])
    decline = {"disposition": Disposition.PRINCIPLE}

    with pytest.raises(DomainError, match="写明理由"):
        act(decline_provision, sentence(plan, "01-01"), reason="", **decline)
    with pytest.raises(DomainError, match="02-02 句已立项"):
        act(decline_provision, sentence(plan, "02-02"), reason="原则", **decline)


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[])
    seen = row.version
    act(revise_obligation, row, Wording("甲改"), version=seen, reason="甲改名")

    with pytest.raises(StaleVersion, match="刚刚被别人改过"):
        act(revise_obligation, row, Wording("乙改"), version=seen, reason="乙改名")

    row.refresh_from_db()
    assert row.title == "甲改"


def test_every_write_names_actor_and_reason(plan: Plan) -> None:
    row = make_row(plan, "02-02", leads=[make_unit("zjj", "区住房和城乡建设局")])

    for model in (Obligation, type(row.sources.get()), type(row.assignments.get())):
        for entry in model.history.all():
            assert entry.history_user_id is not None
            assert entry.history_change_reason


def test_a_unit_head_may_not_break_the_plan_down(plan: Plan) -> None:
    unit = make_unit("zjj", "区住房和城乡建设局")
    head = make_user("head", (unit, PostKind.HEAD))

    with pytest.raises(NotAllowed):
        make_obligation(sentence(plan, "02-02"), Wording("越权"), actor=head, at=NOW)
