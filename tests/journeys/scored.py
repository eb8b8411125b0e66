"""The assessment of the site: a quarter that takes objections, a scheme under revision, papers."""

from datetime import date

from assessments.enums import FactKind, LineKind, VetoEffect, VetoReason
from assessments.models import Assessment, EnteredFact, Objection, Scheme, ScoreLine, VetoDecision
from assessments.services.computing import compute_assessment
from assessments.services.entering import FactContent, VetoContent, enter_fact, enter_veto
from assessments.services.objections import submit_objection
from assessments.services.publishing import open_objections
from assessments.services.schemes import copy_scheme
from common.clock import morning_of
from documents.enums import FileFormat
from documents.models import BuildJob, Document
from documents.services.drafting import draft_document
from documents.services.issuing import Signature
from documents.services.jobs import request_build
from documents.tasks import build_item
from organizations.models import Unit, User
from tests.builders import issue_as_seen

COMPUTED = date(2019, 9, 17)
PERIOD = "2019Q3"


def assess(office: User, head: User) -> None:
    """Compute the running quarter, show it to the units and let 区住建局 object to one loss.

    A period is shown when it is over, so that step is taken by the clock of October.
    """
    unit = Unit.objects.get(code="zjj")
    who = {"actor": office, "at": morning_of(COMPUTED, 10)}
    paper = "钦南安委〔2019〕9号"
    enter_fact(
        unit, FactContent(FactKind.CRITICISM, date(2019, 9, 3), "推进迟缓被通报", paper), **who
    )
    decision = VetoContent(
        "2019Q3", date(2019, 9, 4), VetoReason.OTHER, VetoEffect.NO_HONOUR, paper
    )
    enter_veto(unit, decision, **who)
    compute_assessment(PERIOD, reason="季度考核", **who)
    found = Assessment.objects.get(period=PERIOD)
    over = morning_of(date(2019, 10, 1), 10)
    open_objections(found, until=date(2019, 10, 9), version=found.version, actor=office, at=over)
    line = _losses(unit).filter(kind=LineKind.CRITICISM).get()
    at = morning_of(COMPUTED, 15)
    submit_objection(line, reason="通报与本单位无关。", document_no="", actor=head, at=at)
    copy_scheme(Scheme.objects.in_force().get(assessment_class="class1"), **who)
    _write_papers(unit, office)


def _losses(unit: Unit):
    computation = Assessment.objects.get(period=PERIOD).current()
    return ScoreLine.objects.filter(
        score__computation=computation, score__unit=unit, points__lt=0
    ).order_by("points", "number")


def _write_papers(unit: Unit, office: User) -> None:
    """Issue the scorecard and begin the papers of the district."""
    who = {"actor": office, "at": morning_of(COMPUTED, 16)}
    card = draft_document("scorecard", PERIOD, unit, **who)
    signed = Signature(1, COMPUTED)
    card = issue_as_seen(card, signed, **who)
    job = request_build([card], [FileFormat.PDF], title=card.title, as_of=COMPUTED, **who)
    build_item(job.items.get().pk)
    for kind in ("bulletin", "standings", "one-page"):
        draft_document(kind, PERIOD, None, **who)


def keys() -> dict[str, int | str]:
    """Return the keys of the pages about scores and papers."""
    unit = Unit.objects.get(code="zjj")
    scheme = Scheme.objects.get(state="draft")
    line = _losses(unit).exclude(kind=LineKind.CRITICISM).first()
    assert line is not None
    return {
        "fact": EnteredFact.objects.get().pk,
        "veto": VetoDecision.objects.get().pk,
        "objection": Objection.objects.get(assessment__period=PERIOD).pk,
        "line": line.pk,
        "scheme": scheme.pk,
        "card": Document.objects.get(kind="scorecard", unit=unit).pk,
        "standings": Document.objects.get(kind="standings").pk,
        "one_page": Document.objects.get(kind="one-page").pk,
        "job": BuildJob.objects.order_by("pk").first().pk,
        "code": Document.objects.get(kind="scorecard", unit=unit).code,
    }
