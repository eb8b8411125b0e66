"""Documents for measuring: every character of the body is one full-width square."""

from documents.content import Annex, Column, Content, Paragraph, Table
from documents.enums import Audience
from documents.kinds import DocumentKind, Subject, register
from documents.typesetting.markup import Proof, make_markup
from documents.typesetting.renderer import Markup

STAMP = "2019-10-08T09:00:00+08:00"
PROOF = Proof("0123456789ABCDEF", "http://127.0.0.1:8000/verify/0123456789ABCDEF")
NAMES = "喆堃玥珺"
LONG = (
    "钦南区推进安全生产领域改革发展实施方案明确各责任单位按季度报送进展情况并由区安委办汇总通报"
    * 20
)


def sample(**changed: object) -> Content:
    values = {
        "title": "关于2019年第三季度安全生产领域改革发展任务推进情况的通报",
        "mark": "钦州市钦南区安全生产委员会办公室",
        "number_prefix": "钦南安委办",
        "year": 2019,
        "number": 5,
        "issuer": "钦州市钦南区安全生产委员会办公室",
        "addressees": "各镇人民政府、街道办事处，区安委会各成员单位",
        "paragraphs": (
            Paragraph("一、总体情况", 1),
            Paragraph(LONG),
            Paragraph("（一）分项情况", 2),
            Paragraph("1.个别单位", 3),
            Paragraph(f"联系人：{NAMES}。"),
        ),
        "annexes": (
            Annex(
                "各单位任务办理情况",
                tables=(
                    Table(
                        (
                            Column("序号", 5, "center"),
                            Column("单位", 20),
                            Column("件数", 8, "right"),
                        ),
                        tuple((str(n), "区住房和城乡建设局", str(n)) for n in range(1, 31)),
                        ("", "合计", "820"),
                    ),
                ),
                is_wide=True,
            ),
            Annex("逾期任务清单", (Paragraph("无。"),)),
        ),
        "dated": "2019年10月8日",
        "copies_to": "区委办公室，区政府办公室",
        "printed_by": "钦州市钦南区安全生产委员会办公室",
        "printed_on": "2019年10月8日",
    }
    return Content(**(values | changed))


def sample_markup(**changed: object) -> Markup:
    return make_markup(sample(**changed), stamped=STAMP, proof=PROOF)


def build_probe(subject: Subject) -> Content:
    """The content of the kind 试件: short, so that building it is quick."""
    about = subject.unit.name if subject.unit else "全区"
    return sample(
        title=f"关于{about}的试件",
        number=None,
        dated="",
        printed_on="",
        paragraphs=(Paragraph("截至【截止日】，办结【办结】项。"),),
        figures={"截止日": f"{subject.today.month}月{subject.today.day}日", "办结": "3"},
        annexes=(),
    )


def register_probe() -> None:
    """Make the kind 试件 known, for the district as a whole."""
    register(DocumentKind("probe", "试件", Audience.DISTRICT, build_probe, lambda code: code))
