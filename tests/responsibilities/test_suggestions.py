"""What is offered for a new row is what the sentence says, and nothing else."""

import re
from datetime import date

import pytest
from django.test import Client

from clauses.enums import Disposition
from clauses.models import Plan
from clauses.reading import read_plan
from clauses.services.dispositions import decline_provision
from clauses.services.importing import import_document
from common.tracked import save_with_history
from organizations.enums import PostKind
from organizations.services.people import get_system_user
from responsibilities.enums import DeadlineKind, Frequency
from responsibilities.forms.plan import span_of
from responsibilities.pages.suggestions import suggest, suggest_decline
from tests.builders import NOW, make_plan, make_row, make_unit, make_user, sentence

pytestmark = pytest.mark.django_db
LISTED = """某区防火工作方案

一、重点任务

（一）巡查。一是由区公安分局于2025年6月30日前公告；二是各镇要每月
巡查一次。（牵头单位：区应急局；责任单位：区公安分局、各镇）

（二）宣传。各镇要宣传。
"""
DATED = """某区防汛工作方案

一、重点任务

(一)平台。区水利局要在2025年6月底前建成平台。

(二)演练。各镇要长期坚持巡查。
"""


TITLED = """某区整治工作方案

一、任务

1.摸排。各镇要全面部署，落实责任。
（1）全面摸清底数
各镇要建立台账。
（2）依法整治隐患
各镇要督促整改。
2.考核。各镇要落实责任。
"""


def test_a_title_is_offered_to_be_declined_and_stays_undecided_until_somebody_does(
    client: Client,
) -> None:
    plan: Plan = import_document(read_plan(TITLED), code="fix", actor=get_system_user(), at=NOW)
    titles = [p for p in plan.provisions.all() if suggest_decline(p)]
    assert [p.text for p in titles] == ["（1）全面摸清底数", "（2）依法整治隐患"]
    client.force_login(make_user("office", (make_unit("awb", "区安委办"), PostKind.OFFICE)))

    page = client.get(f"/plan/fix/sentences/{titles[0].code}/").content.decode()

    assert "这一句只是标题，类别和理由已经拟好，请核对后定。" in page
    assert "标题，不是任务；标题下的各句分别处理。" in page
    assert re.search(r'value="explanation"[^>]* checked', page)
    titles[0].refresh_from_db()
    assert titles[0].disposition == Disposition.OPEN
    declined = decline_provision(
        titles[0],
        disposition=Disposition.PRINCIPLE,
        reason="另有考虑。",
        actor=get_system_user(),
        at=NOW,
    )
    assert suggest_decline(declined) == {}


def test_a_stated_rate_makes_a_periodic_row_from_the_text() -> None:
    offered = suggest(sentence(make_plan(), "02-01"))

    assert offered["bearers"] == "各有关部门"
    assert offered["deadline_kind"] == DeadlineKind.PERIODIC
    assert offered["frequency"] == Frequency.QUARTERLY
    assert offered["basis"] == "条文原文"
    assert "due_on" not in offered


def test_a_regular_duty_without_a_rate_stays_undecided() -> None:
    offered = suggest(sentence(make_plan(), "02-03"))

    assert offered["frequency"] == Frequency.PERIODIC_UNSPECIFIED
    assert "deadline_kind" not in offered
    assert "basis" not in offered


def test_a_sentence_that_says_nothing_offers_its_own_words_only() -> None:
    offered = suggest(sentence(make_plan(), "02-02"))

    assert offered["measure"] == "区安监局要建立信息平台。"
    assert offered["bearers"] == "区安监局"
    assert {"deadline_kind", "due_on", "frequency"}.isdisjoint(offered)


def test_a_stated_date_and_a_lasting_duty_are_offered_as_such() -> None:
    plan: Plan = import_document(read_plan(DATED), code="flood", actor=get_system_user(), at=NOW)

    dated = suggest(plan.provisions.get(text__contains="6月底前"))
    lasting = suggest(plan.provisions.get(text__contains="长期坚持"))

    assert (dated["deadline_kind"], dated["due_on"]) == (
        DeadlineKind.PERIOD_END,
        date(2025, 6, 30),
    )
    assert lasting["deadline_kind"] == DeadlineKind.CONTINUOUS
    assert lasting["frequency"] == ""


def test_of_a_list_in_a_sentence_the_next_part_is_offered_with_its_own_words() -> None:
    plan: Plan = import_document(read_plan(LISTED), code="fire", actor=get_system_user(), at=NOW)
    listed = plan.provisions.get(text__contains="二是")

    first = suggest(listed)
    row = make_row(plan, listed.code, leads=[])
    source = row.sources.get()
    source.end = listed.start + listed.text.index("；")
    save_with_history(source, actor=get_system_user(), reason="测试", at=NOW)
    second = suggest(plan.provisions.get(pk=listed.pk))

    assert first["selected"] == "一是由区公安分局于2025年6月30日前公告"
    assert (first["due_on"], first["deadline_kind"]) == (date(2025, 6, 30), DeadlineKind.FIXED)
    assert first["leading"] == ["区应急局"]
    assert second["selected"].startswith("二是各镇要每月")
    assert second["frequency"] == Frequency.MONTHLY
    assert span_of(second["selected"], listed) is not None


def test_of_a_sentence_that_a_row_takes_up_in_part_the_rest_is_offered() -> None:
    text = "某镇方案\n一、排查\n（一）各镇要开展排查，并且建立隐患台账。\n（二）各村要报送情况。\n"
    plan: Plan = import_document(read_plan(text), code="rest", actor=get_system_user(), at=NOW)
    sentence = plan.provisions.get(text__contains="台账")
    row = make_row(plan, sentence.code, leads=[])
    source = row.sources.get()
    source.end = sentence.start + sentence.text.index("，")
    save_with_history(source, actor=get_system_user(), reason="测试", at=NOW)

    offered = suggest(plan.provisions.get(pk=sentence.pk))

    assert offered["measure"] == offered["selected"] == "并且建立隐患台账"
