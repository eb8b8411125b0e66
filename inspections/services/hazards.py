"""The six steps of a hazard, each stamped: 排查、登记、治理、监督、评估、销号.

Source: 方案(二十)“全过程闭环管理”; (二十一) 重大隐患“实行第三方机构验收评估”.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.days import full_day, short_day
from common.errors import DomainError, StaleVersion, ensure_transition, require
from common.tracked import save_with_history
from inspections.enums import HAZARD_TRANSITIONS, HazardGrade, HazardStage, StampKind
from inspections.models import Hazard, HazardStamp, Inspection
from inspections.permissions import can_judge_hazard, can_list_hazards, can_work_on_hazards
from inspections.rules import is_same_body
from organizations.models import Unit, User

FARTHEST_YEARS = 10
# 登记、调整时限、双报告按录入当天记，不和前后各步比先后。
IN_ORDER = (
    StampKind.FOUND,
    StampKind.TREATED,
    StampKind.RECHECKED,
    StampKind.ASSESSED,
    StampKind.CLOSED,
    StampKind.SENT_BACK,
    StampKind.REOPENED,
)
OFFICE_VOIDS = "已登记的重大隐患只能由区安委办作废，请把理由报区安委办。"
ANOTHER_PERSON = "复查由另一个人来做：报治理完成的人不能复查自己报的。"


@dataclass(frozen=True)
class HazardContent:
    """What was found, where, and by whom."""

    title: str
    place: str
    enterprise: str
    grade: HazardGrade
    found_on: date
    found_by: str
    description: str = ""


@dataclass(frozen=True)
class Settled:
    """The five settled things (五落实): 措施、责任、资金、时限、预案."""

    measures: str
    responsible: str
    due_on: date
    funds: str = ""
    emergency_plan: str = ""


@dataclass(frozen=True)
class Stamp:
    """Who did a step on which day, and what is said of it."""

    actor: User
    at: datetime
    happened_on: date
    note: str = ""

    def under(self, document_no: str) -> "Stamp":
        """Return the stamp with the number of the document that the step rests on."""
        return replace(self, note=f"文号：{document_no}。{self.note}")


def lock_hazard(hazard: Hazard, *, version: int) -> Hazard:
    """Return the hazard locked for this transaction; refuses when it is no longer ``version``."""
    found = Hazard.objects.select_for_update(of=("self",)).get(pk=hazard.pk)
    if found.version != version:
        raise StaleVersion
    return found


def raise_hazard(
    unit: Unit,
    content: HazardContent,
    *,
    token: str,
    actor: User,
    at: datetime,
    inspection: Inspection | None = None,
) -> Hazard:
    """Write down a hazard that was found (排查), inside an inspection or on its own.

    The same ``token`` is the same submission and returns what is there.
    Raises: NotAllowed; DomainError for a day that is not yet.
    """
    with transaction.atomic():
        require(can_work_on_hazards(actor, unit.pk, today=day_of(at)))
        known = Hazard.objects.filter(recorded_by=actor, submit_token=token).first()
        if known is not None:
            return known
        if inspection is not None and inspection.unit_id != unit.pk:
            raise DomainError("带队检查是别的单位的，隐患不能记在它名下。")
        hazard = Hazard(
            unit=unit,
            inspection=inspection,
            submit_token=token,
            recorded_by=actor,
            **asdict(content),
        )
        said = f"排查人：{content.found_by}"
        stamp = Stamp(actor, at, content.found_on, said)
        _check_day(stamp)
        save_with_history(hazard, actor=actor, reason="排查发现隐患", at=at)
        _stamp(hazard, StampKind.FOUND, stamp)
    return hazard


def register_hazard(
    hazard: Hazard, settled: Settled, *, version: int, actor: User, at: datetime
) -> Hazard:
    """Register a hazard (登记) with measures, responsibility, funds, date and emergency plan.

    All five are settled for a 重大隐患; a 一般隐患 that needs no funds and no plan says so.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_work_on_hazards(actor, hazard.unit_id, today=day_of(at)))
        if hazard.stage != HazardStage.FOUND:
            raise DomainError("这处隐患已经登记，时限由区安委办调整。")
        check_near(settled.due_on, today=day_of(at))
        if settled.due_on < hazard.found_on:
            raise DomainError("时限不能早于发现日期。")
        if hazard.is_major and not (settled.funds.strip() and settled.emergency_plan.strip()):
            raise DomainError("重大隐患要落实措施、责任、资金、时限、预案五项，资金和预案也要写。")
        for name, value in asdict(settled).items():
            setattr(hazard, name, value)
        hazard.original_due_on = settled.due_on
        move(hazard, HazardStage.REGISTERED)
        stamp = Stamp(actor, at, day_of(at), f"责任人：{settled.responsible}")
        return finish(hazard, StampKind.REGISTERED, stamp)


def treat_hazard(hazard: Hazard, stamp: Stamp, *, version: int) -> Hazard:
    """Report that the hazard is put right (治理), waiting for another person's recheck."""
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_work_on_hazards(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        need_words(stamp, "治理情况要写一句话：怎么治的、治到什么程度。")
        move(hazard, HazardStage.TREATED)
        hazard.treated_by = stamp.actor
        return finish(hazard, StampKind.TREATED, stamp)


def recheck_hazard(hazard: Hazard, stamp: Stamp, *, passed: bool, version: int) -> Hazard:
    """Look at the place again (监督); never by the person who reported it put right.

    Raises: NotAllowed; DomainError for the same person, or for a return without words.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_judge_hazard(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        if hazard.treated_by_id == stamp.actor.pk:
            raise DomainError(ANOTHER_PERSON)
        need_words(stamp, "复查意见要写一句话：看了什么，治好没有。")
        move(hazard, HazardStage.RECHECKED if passed else HazardStage.REGISTERED)
        return finish(hazard, StampKind.RECHECKED if passed else StampKind.SENT_BACK, stamp)


def assess_hazard(
    hazard: Hazard,
    stamp: Stamp,
    *,
    passed: bool,
    version: int,
    third_party: str = "",
    third_party_no: str = "",
) -> Hazard:
    """Assess the treatment (评估): 一般隐患 by the unit itself, 重大隐患 by a third party.

    Source: 方案(二十一)“重大隐患整改实行第三方机构验收评估”.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_judge_hazard(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        need_words(stamp, "评估意见要写一句话。")
        if passed and hazard.is_major and not (third_party.strip() and third_party_no.strip()):
            raise DomainError("重大隐患由第三方机构验收评估，要写明机构和验收报告文号。")
        if passed and hazard.is_major:
            _ensure_third(hazard, third_party)
        move(hazard, HazardStage.ASSESSED if passed else HazardStage.REGISTERED)
        if passed:
            hazard.third_party, hazard.third_party_no = third_party.strip(), third_party_no.strip()
        return finish(hazard, StampKind.ASSESSED if passed else StampKind.SENT_BACK, stamp)


def _ensure_third(hazard: Hazard, third_party: str) -> None:
    """Raise DomainError when the third party is one of the two: who mends, or who sees to it."""
    unit = hazard.unit
    for name, part in (
        (hazard.enterprise, "责任企业"),
        (unit.name, "督促单位"),
        (unit.short_name, "督促单位"),
    ):
        if is_same_body(third_party, name):
            raise DomainError(f"“{third_party.strip()}”就是{part}，不能验收自己；请写第三方机构。")


def close_hazard(hazard: Hazard, stamp: Stamp, *, version: int) -> Hazard:
    """Cross the hazard off (销号) as of the day on which it is done; a listed one after 摘牌.

    Not by the person who reported it put right; a 重大隐患 only by the office.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        today = day_of(stamp.at)
        judge = can_judge_hazard(stamp.actor, hazard.unit_id, today=today)
        require(judge and (not hazard.is_major or can_list_hazards(stamp.actor, today=today)))
        if hazard.treated_by_id == stamp.actor.pk:
            raise DomainError("销号由另一个人来办：报治理完成的人不能自己销号。")
        if hazard.is_listed:
            raise DomainError("这处隐患挂牌督办中，先摘牌再销号。")
        if stamp.happened_on != today:
            raise DomainError(f"销号当天办、当天记，办理日期请填今天（{short_day(today)}）。")
        move(hazard, HazardStage.CLOSED)
        hazard.closed_on = today
        return finish(hazard, StampKind.CLOSED, stamp)


def void_hazard(hazard: Hazard, stamp: Stamp, *, version: int) -> Hazard:
    """Take a hazard off the list that is none (作废); the record and the reason stay."""
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_judge_hazard(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        if hazard.is_major and hazard.stage != HazardStage.FOUND:
            require(can_list_hazards(stamp.actor, today=day_of(stamp.at)), OFFICE_VOIDS)
        need_words(stamp, "作废要写明理由，记录和理由一并留存。")
        if hazard.is_listed:
            raise DomainError("这处隐患挂牌督办中，先摘牌再作废。")
        move(hazard, HazardStage.VOID)
        return finish(hazard, StampKind.VOIDED, stamp)


def report_hazard(
    hazard: Hazard,
    stamp: Stamp,
    *,
    department_told_on: date | None,
    workers_told_on: date | None,
    version: int,
) -> Hazard:
    """Note that the enterprise told the department and its workers of a 重大隐患 (双报告).

    Source: 方案(二十)“重大隐患治理情况向负有安全生产监督管理职责的部门和企业职代会双报告制度”.
    """
    with transaction.atomic():
        hazard = lock_hazard(hazard, version=version)
        require(can_judge_hazard(stamp.actor, hazard.unit_id, today=day_of(stamp.at)))
        if not (hazard.is_major and hazard.is_open):
            raise DomainError("双报告记在没有销号的重大隐患上。")
        told = [day for day in (department_told_on, workers_told_on) if day is not None]
        if not told:
            raise DomainError("至少写一个报告日期：向部门的，或向职代会的。")
        if min(told) < hazard.found_on or max(told) > day_of(stamp.at):
            raise DomainError("报告日期不能早于发现日期，也不能晚于今天。")
        hazard.department_told_on, hazard.workers_told_on = department_told_on, workers_told_on
        return finish(hazard, StampKind.REPORTED, stamp)


def move(hazard: Hazard, target: HazardStage) -> None:
    """Take one step of the stage table; the caller saves."""
    ensure_transition(HazardStage(hazard.stage), target, HAZARD_TRANSITIONS)
    hazard.stage = target


def finish(hazard: Hazard, kind: StampKind, stamp: Stamp) -> Hazard:
    """Save what a step changed, with its stamp; part of the act that changed it."""
    _check_day(stamp)
    _check_order(hazard, kind, stamp)
    hazard.version += 1
    reason = f"{kind.label}：{stamp.note}" if stamp.note else kind.label
    save_with_history(hazard, actor=stamp.actor, reason=reason, at=stamp.at)
    _stamp(hazard, kind, stamp)
    return hazard


def _stamp(hazard: Hazard, kind: StampKind, stamp: Stamp) -> None:
    row = HazardStamp(
        hazard=hazard,
        kind=kind,
        happened_on=stamp.happened_on,
        note=stamp.note.strip(),
        actor=stamp.actor,
        stamped_at=stamp.at,
    )
    save_with_history(row, actor=stamp.actor, reason=kind.label, at=stamp.at)


def _check_day(stamp: Stamp) -> None:
    today = day_of(stamp.at)
    if stamp.happened_on > today:
        raise DomainError(f"日期不能晚于今天（{short_day(today)}）。")
    check_near(stamp.happened_on, today=today)


def check_near(day: date, *, today: date) -> None:
    """Raise DomainError for a day so far off that the year must be mistyped."""
    if abs(day.year - today.year) > FARTHEST_YEARS:
        raise DomainError(f"日期写的是{full_day(day)}，离今天超过十年，请核对年份。")


def _check_order(hazard: Hazard, kind: StampKind, stamp: Stamp) -> None:
    if stamp.happened_on < hazard.found_on:
        raise DomainError(f"办理日期不能早于发现日期（{full_day(hazard.found_on)}）。")
    last = hazard.stamps.filter(kind__in=IN_ORDER).order_by("pk").last()
    if kind in IN_ORDER and last is not None and stamp.happened_on < last.happened_on:
        step = f"“{last.get_kind_display()}”的日期（{full_day(last.happened_on)}）"
        raise DomainError(f"办理日期不能早于上一步{step}。")


def need_words(stamp: Stamp, sentence: str) -> None:
    """Raise DomainError with ``sentence`` unless the stamp says something."""
    if not stamp.note.strip():
        raise DomainError(sentence)
