"""督办单 in three colours with its reply, and 约谈通知书: papers to one unit on its open tasks.

Source: 各地通行的三色督办（蓝：临近时限；黄：即将到期；红：逾期）；
约谈由主要负责人参加，不得委托他人。

Unlike a report on a quarter these papers demand something, so they speak of the day on which they
are written or issued, whatever quarter they were begun for: nobody is asked for what is done.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import Enum

from common.days import short_day
from common.errors import DomainError
from common.workdays import plus_working_days
from documents.content import Content, Paragraph, Slip, Table
from documents.kinds import Subject
from documents.services.drafting import draft_document
from inspections.models import Hazard
from notices.orders import Drafted
from organizations.enums import UnitKind
from organizations.models import Unit, User
from qinnan_safety.papers.field_work import late_hazards
from qinnan_safety.papers.figures import Item, Quarter, quarter_of, read_quarter
from qinnan_safety.papers.letterhead import CENTRE, columns, letterhead
from responsibilities.enums import Frequency
from responsibilities.periods import Period

OFFICE = UnitKind.COMMITTEE_OFFICE
BLUE_DAYS, YELLOW_WORKING_DAYS, REPLY_WORKING_DAYS = 15, 5, 5
TALK_AFTER_DAYS = 90  # 逾期满一个季度，即连续两个季度逾期
LISTED = 60
REPLY = (
    "单位（盖章）",
    "进展情况",
    "未完成的原因",
    "办结时限",
    "主要负责人（签字）",
    "填报日期",
)


class Colour(Enum):
    """The colours of a slip, the most urgent first, with the word that stands for each."""

    RED = "红色"
    YELLOW = "黄色"
    BLUE = "蓝色"


COUNTS = {
    Colour.RED: "逾期【逾期】件",
    Colour.YELLOW: "【黄色期限】以前到期【即将到期】件",
    Colour.BLUE: "【黄色期限】以后、【蓝色期限】以前到期【临近到期】件",
}


def colour_of(item: Item, day: date) -> Colour | None:
    """Return the colour that an open task calls for on ``day``, or None when there is time."""
    if not item.is_open or item.due_on is None:
        return None
    if item.due_on < day:
        return Colour.RED
    if item.due_on <= plus_working_days(day, YELLOW_WORKING_DAYS):
        return Colour.YELLOW
    return Colour.BLUE if (item.due_on - day).days <= BLUE_DAYS else None


def _read_today(code: str, today: date) -> Quarter:
    """Read the records as of ``today``, which may lie after the quarter. Raises: DomainError."""
    asked, present = quarter_of(code), Period.containing(today, Frequency.QUARTERLY)
    return read_quarter(max(asked, present, key=lambda one: one.first_day).code, today)


def urgent_units(period: str, today: date) -> Sequence[Unit]:
    """The units that a slip is due to, in official order."""
    quarter = _read_today(period, today)
    found = {i.unit for i in quarter.items if colour_of(i, quarter.day)}
    found |= set(Unit.objects.filter(pk__in=late_hazards(quarter.day)))
    return _addressed(found)


def talked_units(period: str, today: date) -> Sequence[Unit]:
    """The units whose heads are to be talked to, in official order."""
    quarter = _read_today(period, today)
    found = {i.unit for i in quarter.items if i.days_late(quarter.day) >= TALK_AFTER_DAYS}
    return _addressed(found)


def _addressed(units: Iterable[Unit]) -> list[Unit]:
    """Leave out who is never chased, and the office, which writes to others and not to itself."""
    chased = (unit for unit in units if unit.is_chased and unit.kind != OFFICE)
    return sorted(chased, key=lambda unit: (unit.order, unit.pk))


def slip(subject: Subject) -> Content:
    """Draft the slip of one unit in the colour of its most urgent task; a late hazard is red."""
    quarter, unit = _read_today(subject.period, subject.today), _unit(subject)
    items = [i for i in quarter.items if i.unit == unit and colour_of(i, quarter.day)]
    hazards = late_hazards(quarter.day).get(unit.pk, [])
    if not items and not hazards:
        raise DomainError(f"{unit}没有临期或逾期的任务，也没有逾期的隐患，不用发督办单。")
    colours = [colour_of(item, quarter.day) for item in items]
    shown = [*colours, Colour.RED] if hazards else colours
    colour = next(colour for colour in Colour if colour in shown)
    tables = [_table(quarter, items)] if items else []
    return letterhead(
        f"安全生产领域改革发展任务{colour.value}督办单",
        day=subject.today,
        addressees=unit.full_name or unit.name,
        colour=colour.name.lower(),
        paragraphs=_words(colours, has_hazards=bool(hazards)),
        figures=_figures(subject.today, colours) | {"逾期隐患": str(len(hazards))},
        tables=(*tables, _hazard_table(hazards, quarter.day)) if hazards else tuple(tables),
        slip=Slip("回执", REPLY),
    )


def _words(colours: Sequence[Colour | None], *, has_hazards: bool) -> tuple[Paragraph, ...]:
    """Say how many there are of each colour, and nothing of a colour that has none."""
    said = []
    if counts := [words for colour, words in COUNTS.items() if colour in colours]:
        said.append(f"截至【截止日】，你单位承担的任务{'，'.join(counts)}（见下表）。")
    if has_hazards:
        said.append("截至【截止日】，你单位督促整改的隐患逾期未销号【逾期隐患】处（见下表）。")
    said.append("请抓紧办理，并于【回复期限】前填写回执，说明进展、原因和办结时限。")
    return tuple(map(Paragraph, said))


def draft_slip(unit: Unit, period: str, actor: User, at: datetime) -> Drafted | None:
    """Draft the unit's slip at the end of the ladder; None when one is out or none due."""
    if unit.kind == OFFICE:
        return None
    document = draft_document("slip", period, unit, actor=actor, at=at)
    if not document.is_draft:
        return None
    label = f"{unit.short_name}{quarter_of(period).label}督办单"
    return Drafted(label, document.get_absolute_url())


def _figures(day: date, colours: Sequence[Colour | None]) -> dict[str, str]:
    return {
        "截止日": short_day(day),
        "逾期": str(colours.count(Colour.RED)),
        "即将到期": str(colours.count(Colour.YELLOW)),
        "临近到期": str(colours.count(Colour.BLUE)),
        "黄色期限": short_day(plus_working_days(day, YELLOW_WORKING_DAYS)),
        "蓝色期限": short_day(date.fromordinal(day.toordinal() + BLUE_DAYS)),
        "回复期限": short_day(plus_working_days(day, REPLY_WORKING_DAYS)),
    }


def talk(subject: Subject) -> Content:
    """Draft the notice of a talk; its time and place must be written in before it is issued."""
    quarter, unit = _read_today(subject.period, subject.today), _unit(subject)
    items = [
        i for i in quarter.items if i.unit == unit and i.days_late(quarter.day) >= TALK_AFTER_DAYS
    ]
    if not items:
        raise DomainError(f"{unit}没有逾期满 {TALK_AFTER_DAYS} 天的任务，不到约谈条件。")
    return letterhead(
        "安全生产工作约谈通知书",
        day=subject.today,
        addressees=unit.full_name or unit.name,
        paragraphs=(
            Paragraph("你单位有【件数】件任务逾期满一个季度，最长【最长天数】天（见下表）。"),
            Paragraph(
                "定于【约谈时间】在【约谈地点】约谈你单位主要负责人，请准时参加，不得委托他人，并带书面说明。"
            ),
            Paragraph("约谈后5个工作日内书面报送整改情况。缺席或不落实的，予以通报并计入考核。"),
        ),
        figures={
            "件数": str(len(items)),
            "最长天数": str(max(item.days_late(quarter.day) for item in items)),
        },
        tables=(_table(quarter, items),),
        slip=Slip("回执", ("单位（盖章）", "参加人姓名、职务", "联系电话", "签收日期")),
    )


def _unit(subject: Subject) -> Unit:
    if subject.unit is None:
        raise DomainError("这种文件发给一个单位，请选定单位。")
    if subject.unit.kind == OFFICE:
        raise DomainError("这种文件由区安委办发出，不发给区安委办自己；办不了的请提请区领导协调。")
    return subject.unit


def _table(quarter: Quarter, items: Sequence[Item]) -> Table:
    titles = {row.obligation.pk: row.obligation for row in quarter.rows}
    ranked = sorted(items, key=lambda item: (item.due_on or date.max, quarter.codes[item.row]))
    rows = [
        (
            str(place),
            quarter.codes[item.row],
            titles[item.row].title,
            item.due_on.isoformat() if item.due_on else "",
            _state(item, quarter.day),
        )
        for place, item in enumerate(ranked[:LISTED], 1)
    ]
    more = len(ranked) - len(rows)
    said = [f"{quarter.named_plans}。"] if quarter.has_several_plans else []
    said += [f"另有{more}件未列，见平台。"] if more > 0 else []
    return Table(
        columns=columns(
            ("序号", 8, CENTRE),
            ("编号", 12, CENTRE),
            ("任务", 42),
            ("到期日", 16, CENTRE),
            ("情况", 22, CENTRE),
        ),
        rows=rows,
        caption="".join(said),
    )


def _hazard_table(hazards: Sequence[Hazard], day: date) -> Table:
    rows = [
        (
            str(place),
            hazard.number,
            f"{hazard.enterprise}{hazard.title}",
            hazard.due_on.isoformat(),
            f"{hazard.get_grade_display()} 逾期{(day - hazard.due_on).days}天",
        )
        for place, hazard in enumerate(hazards[:LISTED], 1)
        if hazard.due_on is not None
    ]
    more = len(hazards) - len(rows)
    return Table(
        columns=columns(
            ("序号", 6, CENTRE),
            ("编号", 12, CENTRE),
            ("隐患", 44),
            ("时限", 16, CENTRE),
            ("情况", 22, CENTRE),
        ),
        rows=rows,
        caption=f"另有{more}处未列，见平台。" if more > 0 else "",
    )


def _state(item: Item, day: date) -> str:
    colour = colour_of(item, day)
    late, left = item.days_late(day), ((item.due_on or day) - day).days
    word = f"逾期{late}天" if late else f"还有{left}天" if left else "当日到期"
    return f"{colour.value[0]} {word}" if colour else word
