"""Small valid worlds for tests, made by the product's own services."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clauses.models import Plan, Provision
from clauses.services.storing import ClauseSpan, PlanSpec, ProvisionSpan, SectionSpan, store_plan
from common.clock import day_of
from common.tracked import save_with_history
from documents.models import Document
from documents.services.drafting import draft_content
from documents.services.issuing import Signature, issue_document
from inspections.content import FindingLine, InspectionContent
from inspections.enums import Handling, HazardGrade, LeaderKind
from inspections.services.hazards import HazardContent
from organizations.access import Access, access_of
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, UnitAlias, User
from organizations.services.people import appoint, create_user, ensure_post, get_system_user
from responsibilities.enums import DeadlineKind, Frequency, FulfilledBy, FulfilmentMode
from responsibilities.models import Obligation
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.breakdown import Wording, make_obligation
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.dispatch import dispatch_obligations

TODAY = date(2019, 9, 18)
NOW = datetime(2019, 9, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "correct-horse-battery-9"

PLAN_TEXT = (
    "样例区安全生产实施方案\n\n为加强安全生产,制定本方案。\n\n一、总体要求\n\n"
    "(一)目标任务。到2020年,事故总量下降。\n\n二、落实责任\n\n"
    "(二)部门责任。各有关部门每季度至少检查1次。区安监局要建立信息平台。定期通报情况。\n\n"
    "(三)属地责任。各镇(场、街道)要制定实施方案,并明确责任人。\n"
)


def make_unit(
    code: str,
    name: str,
    *,
    kind: UnitKind = UnitKind.DEPARTMENT,
    order: int = 10,
    short_name: str = "",
    valid_to: date | None = None,
    assessment_class: str = "",
) -> Unit:
    """Store a unit that has always existed, and still does unless ``valid_to`` says otherwise."""
    unit = Unit(code=code, name=name, short_name=short_name or name, kind=kind, order=order)
    unit.is_verified, unit.valid_to = True, valid_to
    unit.assessment_class = assessment_class
    save_with_history(unit, actor=get_system_user(), reason="测试", at=NOW)
    return unit


def make_user(username: str, *posts: tuple[Unit, PostKind], name: str = "") -> User:
    """Store a person holding ``posts`` since the start of 2019."""
    system = get_system_user()
    user = create_user(
        username=username, full_name=name or username, password=PASSWORD, actor=system, at=NOW
    )
    for unit, kind in posts:
        post = ensure_post(unit, kind, title=kind.label, actor=system, at=NOW)
        appoint(user, post, starts_on=date(2019, 1, 1), actor=system, at=NOW)
    return user


def as_(user: User) -> Client:
    """Return a browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def pdf_file(name: str = "报告.pdf", words: str = "1") -> SimpleUploadedFile:
    """Return a small PDF as a person would upload it; other ``words`` are another file."""
    content = f"%PDF-1.4\n% {words}\ntrailer<</Size 1>>\n%%EOF\n".encode()
    return SimpleUploadedFile(name, content, "application/pdf")


def rights(user: User) -> Access:
    """Return what ``user`` may see and do on the test day."""
    return access_of(user, today=TODAY)


def _span(text: str) -> tuple[int, int]:
    start = PLAN_TEXT.index(text)
    return start, start + len(text)


def make_plan(code: str = "sample") -> Plan:
    """Store the three-clause sample plan; its sentences are 00-01, 01-01, 02-01…02-03 and 03-01."""
    clauses = [
        ClauseSpan(1, "一", "目标任务", *_span("(一)目标任务。到2020年,事故总量下降。"), 1),
        ClauseSpan(2, "二", "部门责任", *_span(PLAN_TEXT.split("\n\n")[5]), 2),
        ClauseSpan(3, "三", "属地责任", *_span(PLAN_TEXT.split("\n\n")[6].strip()), 2),
    ]
    sentences = [
        ("00-01", "为加强安全生产,制定本方案。", None),
        ("01-01", "到2020年,事故总量下降。", 1),
        ("02-01", "各有关部门每季度至少检查1次。", 2),
        ("02-02", "区安监局要建立信息平台。", 2),
        ("02-03", "定期通报情况。", 2),
        ("03-01", "各镇(场、街道)要制定实施方案,并明确责任人。", 3),
    ]
    spec = PlanSpec(
        code=code,
        title="样例区安全生产实施方案",
        text=PLAN_TEXT,
        body_start=0,
        body_end=len(PLAN_TEXT),
        published_on=date(2018, 11, 5),
        sections=[
            SectionSpan(1, "总体要求", *_span("一、总体要求"), "一、"),
            SectionSpan(2, "落实责任", *_span("二、落实责任"), "二、"),
        ],
        clauses=clauses,
        provisions=[ProvisionSpan(c, *_span(text), clause) for c, text, clause in sentences],
    )
    return store_plan(spec, actor=get_system_user(), at=NOW, reason="测试")


def sentence(plan: Plan, code: str) -> Provision:
    return plan.provisions.get(code=code)


def make_row(
    plan: Plan,
    code: str,
    *,
    leads: list[Unit],
    assists: list[Unit] | None = None,
    mode: FulfilmentMode = FulfilmentMode.JOINT,
    due_on: date | None = None,
    frequency: Frequency | None = None,
    title: str = "",
    alias: UnitAlias | None = None,
) -> Obligation:
    """Store a draft row from a sentence with units and, if given, a date or an interval."""
    system = get_system_user()
    wording = Wording(title=title or f"任务{code}", measure="具体措施。", expected_result="文件")
    row = make_obligation(sentence(plan, code), wording, actor=system, at=NOW)
    if leads:
        roles = UnitRoles(mode, [(u, alias) for u in leads], [(u, None) for u in assists or []])
        row = assign_units(
            row, roles, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
        )
    if due_on or frequency:
        deadline = Deadline(
            kind=DeadlineKind.PERIODIC if frequency else DeadlineKind.FIXED,
            basis="测试依据",
            due_on=due_on,
            frequency=frequency,
        )
        row = set_deadline(
            row, deadline, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
        )
    return row


def decline_rest(plan: Plan) -> None:
    """Decline every sentence that is still undecided, so that the plan can be dispatched."""
    from clauses.enums import Disposition
    from clauses.services.dispositions import decline_provision

    for provision in plan.provisions.open():
        decline_provision(
            provision,
            disposition=Disposition.EXPLANATION,
            reason="测试中不立项。",
            actor=get_system_user(),
            at=NOW,
        )


def dispatch(
    plan: Plan, *rows: Obligation, starts_on: date = date(2019, 7, 1), today: date = TODAY
) -> None:
    """Decline what is open and dispatch ``rows`` on ``today``; periods are owed from
    ``starts_on``."""
    decline_rest(plan)
    dispatch_obligations(
        plan, rows, actor=get_system_user(), at=NOW, today=today, starts_on=starts_on
    )


def make_content(inspected_on: date = date(2019, 9, 12), **changed: Any) -> InspectionContent:
    """Return what a liaison writes about an inspection led by the head."""
    content = InspectionContent(
        inspected_on=inspected_on,
        leader_kind=LeaderKind.HEAD,
        leader_name="覃局长",
        team="韦副局长等 4 人",
        field="建筑施工",
        places="沙埠镇施工点\n区汽车客运站",
        checked="临边防护和应急预案。",
        opinion="限期整改。",
        findings=(
            FindingLine("临边防护缺失", Handling.BY_DATE, date(2019, 9, 25)),
            FindingLine("通道堆放货物", Handling.ON_THE_SPOT),
        ),
    )
    return replace(content, **changed)


def make_inspected_row(plan: Plan, *units: Unit, starts_on: date = date(2019, 1, 1)) -> Obligation:
    """Dispatch a quarterly row whose tasks inspections fulfil."""
    row = make_row(
        plan,
        "02-01",
        leads=list(units),
        mode=FulfilmentMode.SEPARATE,
        frequency=Frequency.QUARTERLY,
        title="每季度带队检查",
    )
    row.fulfilled_by = FulfilledBy.INSPECTION
    save_with_history(row, actor=get_system_user(), reason="测试", at=NOW)
    dispatch(plan, row, starts_on=starts_on)
    return Obligation.objects.get(pk=row.pk)


def make_hazard_content(**changed: Any) -> HazardContent:
    """Return what a liaison writes about a hazard found on 12 September 2019."""
    content = HazardContent(
        title="东侧疏散通道堵塞",
        place="区汽车客运站东侧",
        enterprise="某汽车客运站",
        grade=HazardGrade.GENERAL,
        found_on=date(2019, 9, 12),
        found_by="覃局长带队",
        description="通道堆放货物约 6 米。",
    )
    return replace(content, **changed)


def issue_as_seen(
    document: Document, signature: Signature, *, actor: User, at: datetime
) -> Document:
    """Issue a document with exactly what its page shows at that moment."""
    seen = draft_content(document, today=day_of(at)).parts()
    return issue_document(document, signature, seen=seen, actor=actor, at=at)
