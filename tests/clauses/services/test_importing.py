"""A plan read from a file is stored as it reads, or not at all."""

from datetime import date

import pytest

from clauses.models import Plan
from clauses.reading import read_plan
from clauses.services.importing import Particulars, clause_numbers, import_document
from common.errors import DomainError, NotAllowed
from organizations.enums import PostKind
from organizations.services.people import get_system_user
from tests.builders import NOW, make_unit, make_user

pytestmark = pytest.mark.django_db
TEXT = """某区防汛工作方案

为做好防汛工作,制定本方案。

一、总体要求

(一)指导思想。坚持预防为主。

二、重点任务

(二)排查隐患。区水利局每季度至少排查1次。各镇要制定预案。
"""
CHAPTERS = """某区消防安全管理办法

第一章 总则

第一条 为加强消防安全管理,制定本办法。

第二条 各单位应当落实消防安全责任。

第二章 监督

第三条 区消防救援大队每年检查一次。
"""
RESTARTING = """某市治水实施方案

一、控源截污

1.开展排查。各区开展排查。2025年6月底前完成。

2.完善管网。市住建局牵头完善管网。

二、生态修复

1.清淤疏浚。市水利局组织清淤。

2.补水活水。各区实施补水。
"""


def store(text: str, code: str = "flood", **known) -> Plan:
    return import_document(
        read_plan(text),
        code=code,
        actor=get_system_user(),
        at=NOW,
        particulars=Particulars(**known),
    )


def test_every_slice_equals_the_text() -> None:
    plan = store(TEXT, published_on=date(2025, 3, 1))

    for part in (*plan.clauses.all(), *plan.provisions.all()):
        assert part.text == TEXT[part.start : part.end]
    assert [clause.title for clause in plan.clauses.all()] == ["指导思想", "排查隐患"]
    assert plan.provisions.open().count() == plan.provisions.count() == 4
    assert plan.title == "某区防汛工作方案"


def test_a_section_keeps_its_number_as_the_source_writes_it() -> None:
    assert [str(section) for section in store(CHAPTERS).sections.all()] == [
        "第一章 总则",
        "第二章 监督",
    ]


def test_numbers_that_begin_again_give_way_to_ordinals() -> None:
    plan = store(RESTARTING)

    assert [clause.number for clause in plan.clauses.all()] == [1, 2, 3, 4]
    assert sorted(clause_numbers(read_plan(RESTARTING)).values()) == [1, 2, 3, 4]


def test_what_the_office_knows_goes_before_what_the_text_says() -> None:
    plan = store(TEXT, title="另一个标题", version_label="印发稿", issuer="区防指")

    assert (plan.title, plan.version_label, plan.issuer) == ("另一个标题", "印发稿", "区防指")


def test_a_second_plan_of_the_same_code_or_text_is_refused() -> None:
    store(TEXT)

    with pytest.raises(DomainError, match="已经存在"):
        store(CHAPTERS)
    with pytest.raises(DomainError, match="一字不差"):
        store(TEXT, code="again")
    assert Plan.objects.count() == 1


def test_the_code_of_a_page_is_refused() -> None:
    with pytest.raises(DomainError, match="不能用作方案代码"):
        store(TEXT, code="import")


@pytest.mark.parametrize(
    ("code", "issuer", "words"),
    [
        ("bad code/x", "", "方案代码“bad code/x”不对"),
        ("冬季", "", "只能用字母、数字、短横和下划线"),
        ("a" * 41, "", "不超过 40 个"),
        ("flood", "防" * 61, "制发单位最多 60 个字"),
    ],
)
def test_particulars_that_cannot_be_stored_are_refused_in_words(
    code: str, issuer: str, words: str
) -> None:
    with pytest.raises(DomainError, match=words):
        store(TEXT, code=code, issuer=issuer)
    assert not Plan.objects.exists()


def test_a_liaison_may_not_import() -> None:
    liaison = make_user("liaison", (make_unit("zjj", "区住建局"), PostKind.LIAISON))

    with pytest.raises(NotAllowed):
        import_document(read_plan(TEXT), code="flood", actor=liaison, at=NOW)
