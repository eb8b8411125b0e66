"""全区考核报告（公开版）: grades by class from a published assessment, in official order.

No points, no places, no persons. Source: 方案（六）；各地考核通报的通行写法“排名不分先后”；
不合格单位一个月内书面报告整改措施（国办省级考核办法）。
"""

from assessments.digest import ClassDigest, Digest, digest_of, how_settled
from assessments.enums import Grade
from common.templatetags.display import chinese_number
from documents.content import Annex, Content, Paragraph, Table
from documents.exceptions import NotYet
from documents.kinds import Subject
from qinnan_safety.papers.letterhead import (
    CENTRE,
    RIGHT,
    TOWNS_AND_MEMBERS,
    columns,
    letterhead,
    period_words,
)
from qinnan_safety.papers.scorecard import assessment_of

ORDER = "单位按行文次序排列，排名不分先后。"


def grades_report(subject: Subject) -> Content:
    """Draft the public edition. Raises: NotYet while the assessment is not published."""
    assessment = assessment_of(subject.period)
    if not assessment.is_published:
        raise NotYet(f"{assessment}还没有发布，公开版只从已发布的结果起草；领导版可以先起草。")
    digest = digest_of(assessment)
    words = period_words(assessment.span)
    return letterhead(
        f"关于{words}安全生产工作考核结果的通报",
        day=subject.today,
        addressees=TOWNS_AND_MEMBERS,
        paragraphs=_wording(digest),
        figures={
            "考核期": words,
            "单位数": str(len(digest.standings)),
            "结果": how_settled(assessment, digest.computation),
            **{
                _name(kind, grade): _named(kind, grade)
                for kind in digest.classes
                for grade in kind.grades
            },
        },
        annexes=(_counts_annex(digest), _units_annex(digest)),
        copies_to="区委办公室，区人大常委会办公室，区政府办公室，区政协办公室，区纪委，区委组织部",
    )


def _name(kind: ClassDigest, grade: Grade) -> str:
    """The name under which the text calls the units of one grade of a class."""
    return f"{kind.label}{grade.label}"


def _named(kind: ClassDigest, grade: Grade) -> str:
    return "、".join(unit.short_name for unit in kind.units_of(grade))


def _wording(digest: Digest) -> tuple[Paragraph, ...]:
    grades = [
        paragraph
        for place, kind in enumerate(digest.classes, 1)
        for paragraph in _class_paragraphs(place, kind)
    ]
    failed = any(kind.grades[Grade.FAIL] for kind in digest.classes)
    return (
        Paragraph(
            "按照《钦南区推进安全生产领域改革发展的实施方案》第六条“过程考核与结果考核相结合”的要求，"
            "区安委办对【单位数】个单位【考核期】的安全生产工作进行了考核（【结果】）。"
            "现将等次通报如下，同一等次内排名不分先后。"
        ),
        Paragraph("一、考核结果", 1),
        *grades,
        Paragraph("二、工作要求", 1),
        *([Paragraph(AFTER_FAILING)] if failed else []),
        Paragraph(
            "各单位对照本单位考核成绩单，对扣分事项逐项查明原因、抓紧整改；没有办结的任务和没有销号的隐患，"
            "按时限办结。"
        ),
    )


AFTER_FAILING = "考核不合格的单位，自本通报印发之日起一个月内制定整改措施，书面报送区安委办。"


def _class_paragraphs(place: int, kind: ClassDigest) -> list[Paragraph]:
    heading = f"（{chinese_number(place)}）{kind.label}{len(kind.standings)}个"
    return [
        Paragraph(heading, 2),
        *(
            Paragraph(f"{grade.label}{kind.grades[grade]}个：【{_name(kind, grade)}】。")
            for grade in Grade
            if kind.grades[grade]
        ),
    ]


def _counts_annex(digest: Digest) -> Annex:
    given = [g for g in Grade if g != Grade.NONE or any(k.grades[g] for k in digest.classes)]
    rows = [
        (kind.label, str(len(kind.standings)), *(str(kind.grades[grade]) for grade in given))
        for kind in digest.classes
    ]
    sums = [sum(kind.grades[grade] for kind in digest.classes) for grade in given]
    total = ("合计", str(len(digest.standings)), *map(str, sums))
    return Annex(
        f"{period_words(digest.assessment.span)}考核等次汇总",
        tables=(
            Table(
                columns=columns(
                    ("考核类别", 30), ("单位数", 14, RIGHT), *((g.label, 14, RIGHT) for g in given)
                ),
                rows=rows,
                total=total,
            ),
        ),
    )


def _units_annex(digest: Digest) -> Annex:
    tables = tuple(
        Table(
            columns=columns(("序号", 8, CENTRE), ("单位", 62), ("等次", 30, CENTRE)),
            rows=_unit_rows(kind),
            caption=f"{kind.label}。{ORDER}",
        )
        for kind in digest.classes
    )
    return Annex(f"{period_words(digest.assessment.span)}各单位考核等次", tables=tables)


def _unit_rows(kind: ClassDigest) -> list[tuple[str, str, str]]:
    """The units of a class in official order, each with its grade."""
    scores = sorted((s.score for s in kind.standings), key=lambda s: (s.unit.order, s.unit_id))
    return [
        (str(place), score.unit.name, score.get_grade_display())
        for place, score in enumerate(scores, 1)
    ]
