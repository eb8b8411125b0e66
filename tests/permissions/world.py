"""One of everything that an address can name, belonging to the unit “own”, and eight people."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from assessments.enums import FactKind, VetoEffect, VetoReason
from assessments.models import Scheme, ScoreLine
from assessments.services.computing import compute_assessment
from assessments.services.entering import FactContent, VetoContent, enter_fact, enter_veto
from assessments.services.loading import load_schemes
from assessments.services.objections import submit_objection
from assessments.services.publishing import open_objections
from assessments.services.schemes import copy_scheme
from clauses.enums import Certainty
from clauses.models import Plan
from clauses.services.errata import Reading, add_erratum
from common.clock import morning_of
from common.tracked import save_with_history
from documents.enums import BuildState, FileFormat
from documents.models import Document, DocumentFile
from documents.services.drafting import draft_document
from documents.services.issuing import Signature
from documents.services.jobs import request_build
from inspections.models import Inspection
from inspections.services.confirming import confirm_inspection
from inspections.services.hazards import raise_hazard
from inspections.services.recording import prepare_inspection, submit_inspection
from notices.models import Delivery, Notice
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind, UnitKind
from organizations.models import Unit, User
from organizations.services.aliases import add_member, create_alias
from organizations.services.people import get_system_user
from qinnan_safety.publication.publishing import prepare, publish
from responsibilities.enums import (
    ChaseAudience,
    DeadlineKind,
    EventKind,
    FulfilmentMode,
    ReportKind,
)
from responsibilities.models import Event, Obligation, Remark, Task
from responsibilities.services.assigning import UnitRoles, assign_units
from responsibilities.services.chasing import chase_tasks
from responsibilities.services.coordination import raise_matter
from responsibilities.services.deadlines import Deadline, set_deadline
from responsibilities.services.drafts import save_draft
from responsibilities.services.events import Happening, register_event
from responsibilities.services.evidence import Proof, take_evidence
from responsibilities.services.extensions import request_extension
from responsibilities.services.milestones import Planned, set_milestones
from responsibilities.services.progress import ReportContent, submit_report
from responsibilities.services.remarks import Said, add_remark
from responsibilities.services.views import create_saved_view
from tests.builders import (
    NOW,
    TODAY,
    dispatch,
    issue_as_seen,
    make_content,
    make_hazard_content,
    make_plan,
    make_row,
    make_unit,
    make_user,
    pdf_file,
)

MISSING = {
    "act": "no-such-act",
    "name": "no-such-list",
    "period": "1999Q1",
    "batch": "no-such-batch",
    "pk": 987_654,
    "number": 98,
    "code": "98-76",
    "plan": "no-such-plan",
    "token": "no-such-token",
    "kind": "no-such-kind",
    "edition": 96,
    "table": "no-such-table",
    "ending": "no-such-ending",
}


@dataclass
class World:
    """The people by persona, and the keyword arguments of every address."""

    people: dict[str, User]
    plan: Plan
    own: Unit
    row: Obligation
    keys: dict[str, int]
    batch: str = ""
    document: Document | None = None

    def arguments(self, name: str, wanted: set[str]) -> dict[str, object]:
        """Return what ``reverse`` needs for the own unit's object behind the address ``name``."""
        given: dict[str, object] = {"plan": self.plan.code, "number": 2, "token": "no-such-token"}
        given |= {"period": "2019Q3", "kind": "task-quarter", "batch": self.batch}
        given |= {"act": "register", "name": "construction"}
        given |= {"edition": 1, "table": "units", "ending": "csv"}
        if name.startswith(("organizations:", "assessments:")):
            given["code"] = self.own.code
        elif name.startswith("documents:"):
            given["code"] = self.document.code
        else:
            given["code"] = self.row.code
        if "pk" in wanted:
            given["pk"] = self.keys[name]
        if name == "notices:unit_proof":
            given["code"] = self.own.code
        return {key: given[key] for key in wanted}


def make_world() -> World:
    """Two departments on 18 September 2019: own 区住建局 with all its work, and another one."""
    plan = make_plan()
    awb = make_unit("awb", "区安委办", kind=UnitKind.COMMITTEE_OFFICE, order=1)
    own = make_unit("own", "区住建局", assessment_class="class1")
    other = make_unit("other", "区交通局", order=11, assessment_class="class1")
    people = {
        "no_post": make_user("nobody"),
        "other_liaison": make_user("other-liaison", (other, PostKind.LIAISON)),
        "own_liaison": make_user("own-liaison", (own, PostKind.LIAISON)),
        "own_head": make_user("own-head", (own, PostKind.HEAD)),
        "leader": make_user("leader", (awb, PostKind.LEADER)),
        "auditor": make_user("auditor", (awb, PostKind.AUDITOR)),
        "office": make_user("office", (awb, PostKind.OFFICE)),
    }
    rows = [
        make_row(plan, code, leads=[own], due_on=date(2019, 12, day))
        for code, day in (("02-02", 20), ("02-03", 21), ("03-01", 22))
    ]
    elsewhere = make_row(plan, "01-01", leads=[other], due_on=date(2019, 12, 23))
    dispatch(plan, *rows, elsewhere)
    row = Obligation.objects.get(pk=rows[0].pk)
    world = World(people, plan, own, row, {}, document=_issued())
    if world.document:
        world.keys |= _papers(world.document)
    _, seen = prepare(people["office"], today=TODAY)
    publish(seen_sha256=seen, reason="测试", actor=people["office"], at=NOW)
    _fill(world, [Task.objects.get(obligation=row) for row in rows])
    return world


def _steps_and_remark(world: World, tasks: list[Task]) -> None:
    """Steps of the rows, and what a unit that assists in them has said."""
    office = world.people["office"]
    helper = make_unit("helper", "区气象局", order=12)
    writer = make_user("helper-liaison", (helper, PostKind.LIAISON))
    for task in tasks:
        row = Obligation.objects.get(pk=task.obligation_id)
        steps = [Planned("起草"), Planned("印发", date(2019, 12, 1))]
        row = set_milestones(
            row, steps, version=row.version, actor=office, at=NOW, reason="按实施方案分步"
        )
        roles = UnitRoles(FulfilmentMode.JOINT, [(world.own, None)], [(helper, None)])
        row = assign_units(
            row, roles, version=row.version, actor=office, at=NOW, today=TODAY, reason="增列配合"
        )
        said = Said("已提供气象数据。", f"remark-{row.pk}")
        add_remark(row, helper, said, actor=writer, at=NOW)


def _own_remark(world: World, task: Task) -> Remark:
    """What the own unit said about a row in which it assisted before it led."""
    row, writer = Obligation.objects.get(pk=task.obligation_id), world.people["own_liaison"]
    remark = Remark(obligation=row, unit=world.own, words="已派人参加。", author=writer)
    remark.written_at, remark.submit_token = NOW, "own-remark"
    save_with_history(remark, actor=writer, reason="配合说明", at=NOW)
    return remark


def _event(world: World) -> Event:
    """An accident of the own unit, and the task that it opens."""
    system = get_system_user()
    row = make_row(world.plan, "02-02", leads=[world.own], title="约谈")
    deadline = Deadline(kind=DeadlineKind.EVENT, basis="测试依据")
    row = set_deadline(
        row, deadline, version=row.version, actor=system, at=NOW, today=TODAY, reason="测试"
    )
    dispatch(world.plan, row)
    row.refresh_from_db()
    happening = Happening(EventKind.ACCIDENT, "9·12 坍塌事故", TODAY, "快报1号", unit=world.own)
    return register_event(
        world.plan, happening, {row: date(2019, 12, 24)}, actor=world.people["office"], at=NOW
    )


def _issued() -> Document:
    """An issued bulletin, which is for everybody who works here."""
    system = get_system_user()
    draft = draft_document("bulletin", "2019Q2", None, actor=system, at=NOW)
    signed = Signature(1, date(2019, 9, 18))
    return issue_as_seen(draft, signed, actor=system, at=NOW)


def _papers(document: Document) -> dict[str, int]:
    """The keys of the document, of a file of it and of the job that made the file."""
    system = get_system_user()
    file = DocumentFile(
        document=document,
        format=FileFormat.PDF,
        source_sha256=document.content_sha256,
        is_final=True,
        path=default_storage.save("documents/world.pdf", ContentFile(b"%PDF-1.7")),
        sha256="0" * 64,
        size=8,
        made_at=NOW,
    )
    save_with_history(file, actor=system, reason="测试", at=NOW)
    job = request_build(
        [document], [FileFormat.PDF], title="试件", actor=system, at=NOW, as_of=TODAY
    )
    item = job.items.get()
    item.state, item.file, item.finished_at = BuildState.DONE, file, NOW
    save_with_history(item, actor=system, reason="测试", at=NOW)
    acts = ("detail", "word", "settle", "issue", "revise", "void", "build")
    return {
        "documents:file_download": file.pk,
        **{f"documents:document_{act}": document.pk for act in acts},
        **{f"documents:job_{act}": job.pk for act in ("detail", "cancel", "retry", "zip")},
    }


def _fill(world: World, tasks: list[Task]) -> None:
    """Note the key of an object of the own unit for every address that takes one."""
    fresh, reported, asked = tasks
    system, people = get_system_user(), world.people
    evidence, _ = take_evidence(
        world.own, pdf_file("初稿.pdf"), proof=Proof(), actor=people["own_liaison"], at=NOW
    )
    save_draft(fresh, {"summary": "写到一半。"}, [], actor=people["own_liaison"], at=NOW)
    _steps_and_remark(world, [fresh, reported])
    words = ReportContent(
        kind=ReportKind.PROGRESS,
        summary="已起草初稿。",
        evidence=(evidence.sha256,),
        milestones=("起草",),
    )
    report = submit_report(
        reported,
        words,
        token="page-1",
        actor=people["own_liaison"],
        at=NOW,
    )
    extension = request_extension(
        asked,
        asked_due_on=date(2020, 3, 31),
        reason="招标流标。",
        actor=people["own_head"],
        at=NOW,
    )
    view = create_saved_view(
        name="逾期的", query="lamp=overdue", is_shared=False, actor=people["own_liaison"], at=NOW
    )
    scored = _assess(world)
    start = world.plan.source_text.index("区安监局")
    reading = Reading("区应急管理局", "2019 年机构改革。", Certainty.CERTAIN)
    erratum = add_erratum(world.plan, (start, start + 4), reading, actor=system, at=NOW)
    alias = create_alias("各有关部门", note="成员单位。", actor=system, at=NOW, reason="测试")
    member = add_member(
        alias, world.own, valid_from=None, valid_to=None, actor=system, at=NOW, reason="测试"
    )
    matter = raise_matter(asked, matter="用地未落实。", actor=people["office"], at=NOW)
    message = Message("task:1", "【区安委办】02-02 请报进展。", "/plan/", world.own)
    (notice,) = post_notice([people["own_liaison"]], message, actor=people["office"], at=NOW)
    event = _event(world)
    draft, sent, confirmed = _inspections(world)
    chase = chase_tasks([fresh], ChaseAudience.LIAISON, actor=people["office"], at=NOW)
    world.batch = chase.code
    hazard = raise_hazard(
        world.own,
        make_hazard_content(),
        token="hazard-1",
        actor=people["own_liaison"],
        at=NOW,
        inspection=sent,
    )
    held = people["own_liaison"].appointments.get()
    work = dict.fromkeys(
        ("receive", "report", "draft", "unchanged", "extension", "coordination", "reopen"), fresh.pk
    )
    world.keys |= {f"responsibilities:task_{name}": pk for name, pk in work.items()} | {
        **{f"responsibilities:evidence_{act}": evidence.pk for act in ("detail", "file", "void")},
        "responsibilities:report_withdraw": report.pk,
        "responsibilities:report_review": report.pk,
        "responsibilities:report_sign": report.pk,
        "responsibilities:signing_rule": world.own.pk,
        "responsibilities:extension_decide": extension.pk,
        "responsibilities:extension_withdraw": extension.pk,
        "responsibilities:remark_withdraw": _own_remark(world, fresh).pk,
        "responsibilities:event_detail": event.pk,
        "responsibilities:event_tasks": event.pk,
        "responsibilities:event_void": event.pk,
        "responsibilities:coordination_detail": matter.pk,
        "responsibilities:coordination_withdraw": matter.pk,
        "responsibilities:saved_view_delete": view.pk,
        "responsibilities:erratum_edit": erratum.pk,
        "responsibilities:obligation_source_remove": world.row.sources.get().pk,
        "notices:notice_open": notice.pk,
        "notices:notice_acknowledge": notice.pk,
        **{
            f"inspections:inspection_{act}": sent.pk
            for act in ("detail", "edit", "photos", "void", "confirm", "decline")
        },
        "inspections:hazard_detail": hazard.pk,
        "inspections:hazard_act": hazard.pk,
        "inspections:inspection_submit": draft.pk,
        "inspections:inspection_receipt": confirmed.pk,
        "notices:delivery_resend": _stuck(notice).pk,
        "organizations:alias_detail": alias.pk,
        "organizations:alias_edit": alias.pk,
        "organizations:alias_member_add": alias.pk,
        "organizations:alias_member_edit": member.pk,
        "organizations:post_edit": held.post_id,
        "organizations:appointment_add": held.post_id,
        "organizations:appointment_end": held.pk,
        "organizations:appointment_hand_over": held.pk,
        **{
            f"organizations:person_{act}": held.user_id
            for act in ("detail", "edit", "password", "deactivate", "reactivate")
        },
    }
    world.keys |= scored


def _assess(world: World) -> dict[str, int]:
    """Compute the quarter so far and show the units their scorecards, with papers of own."""
    office = world.people["office"]
    load_schemes(settings.FIXTURES_DIR / "reference/schemes.json", actor=office, at=NOW)
    paper = {"document_no": "钦南安委〔2019〕9号", "note": "附会议纪要。"}
    content = FactContent(FactKind.CRITICISM, date(2019, 9, 1), "推进迟缓被通报", **paper)
    fact = enter_fact(world.own, content, actor=office, at=NOW)
    decision = VetoContent(
        "2019Q3", date(2019, 9, 2), VetoReason.OTHER, VetoEffect.NO_HONOUR, **paper
    )
    veto = enter_veto(world.own, decision, actor=office, at=NOW)
    again = FactContent(FactKind.CRITICISM, date(2019, 9, 3), "再次被通报", **paper)
    enter_fact(world.own, again, actor=office, at=NOW)
    found = compute_assessment("2019Q3", actor=office, at=NOW, reason="测试").assessment
    over = morning_of(date(2019, 10, 1), 9)  # a period is shown to units when it is over
    open_objections(found, until=date(2019, 10, 9), version=found.version, actor=office, at=over)
    newest = found.current()
    lines = ScoreLine.objects.filter(score__computation=newest, kind="criticism")
    first, second = lines.order_by("number")
    objection = submit_objection(
        first,
        reason="通报与本单位无关。",
        document_no="钦南建〔2019〕3号",
        actor=world.people["own_head"],
        at=NOW,
    )
    scheme = Scheme.objects.get(assessment_class="class1")
    draft = copy_scheme(scheme, actor=office, at=NOW)
    keys = {"fact_detail": fact.pk, "fact_void": fact.pk}
    keys |= {"objection_detail": objection.pk, "objection_create": second.pk}
    keys |= {"veto_detail": veto.pk, "veto_void": veto.pk}
    keys |= {"scheme_detail": scheme.pk, "scheme_copy": scheme.pk}
    keys |= {"scheme_edit": draft.pk, "scheme_enforce": draft.pk, "scheme_what_if": draft.pk}
    return {f"assessments:{name}": pk for name, pk in keys.items()}


def _inspections(world: World) -> list[Inspection]:
    """A draft, one that waits for the head, and one that the head confirmed."""
    liaison, head = world.people["own_liaison"], world.people["own_head"]
    found = [
        prepare_inspection(
            world.own,
            make_content(date(2019, 9, day)),
            token=f"inspection-{day}",
            actor=liaison,
            at=NOW,
        )
        for day in (10, 11, 12)
    ]
    found[1:] = [submit_inspection(one, version=1, actor=liaison, at=NOW) for one in found[1:]]
    found[2] = confirm_inspection(
        found[2],
        seen_sha256=found[2].content_sha256,
        declared=True,
        authenticated_at=NOW,
        actor=head,
        at=NOW,
    )
    return found


def _stuck(notice: Notice) -> Delivery:
    """A message that did not get out."""
    return Delivery.objects.create(
        notice=notice, channel="robot", state="failed", not_before=NOW, last_error="没有收下"
    )
