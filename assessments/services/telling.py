"""Tell people what concerns them: scorecards shown, objections made and answered, results out."""

from collections.abc import Iterable
from datetime import date, datetime

from assessments.models import Assessment, Objection
from common.clock import day_of
from notices.rules import TEXT_LIMIT
from notices.services.posting import Message, post_notice
from organizations.enums import PostKind
from organizations.models import Appointment, Unit, User

UNIT_RECEIVERS = (PostKind.HEAD, PostKind.LIAISON)


def tell_units(assessment: Assessment, words: str, *, actor: User, at: datetime) -> None:
    """Tell the head and the liaison of every scored unit; each opens the unit's own scorecard."""
    units = Unit.objects.filter(scores__computation=assessment.current()).distinct()
    holders = _holders(units, UNIT_RECEIVERS, day_of(at))
    for unit in units:
        url = f"{assessment.get_absolute_url()}units/{unit.code}/"
        text = f"【区安委办】{assessment.label}考核{words}"
        message = Message(f"assessment:{assessment.pk}", text[:TEXT_LIMIT], url, unit, "score")
        post_notice(holders.get(unit.pk, ()), message, actor=actor, at=at)


def tell_office(objection: Objection, *, actor: User, at: datetime) -> None:
    """Tell the office that a unit objects."""
    held = Appointment.objects.on(day_of(at)).filter(post__kind=PostKind.OFFICE)
    people = [item.user for item in held.select_related("user")]
    text = f"{objection.unit}对{objection.assessment.label}考核的一笔扣分提出申诉。"
    message = Message(
        f"objection:{objection.pk}",
        text[:TEXT_LIMIT],
        objection.get_absolute_url(),
        kind="score",
    )
    post_notice(people, message, actor=actor, at=at)


def tell_author(objection: Objection, *, actor: User, at: datetime) -> None:
    """Tell who objected what the answer is."""
    said = objection.get_state_display()
    text = f"【区安委办】{objection.assessment.label}考核的申诉已答复：{said}。"
    message = Message(
        f"objection:{objection.pk}",
        text[:TEXT_LIMIT],
        objection.get_absolute_url(),
        objection.unit,
        "score",
    )
    post_notice([objection.author], message, actor=actor, at=at)


def _holders(units: Iterable[Unit], kinds: Iterable[PostKind], day: date) -> dict[int, list[User]]:
    held = Appointment.objects.on(day).filter(post__unit__in=list(units), post__kind__in=kinds)
    people: dict[int, list[User]] = {}
    for item in held.select_related("user", "post"):
        people.setdefault(item.post.unit_id, []).append(item.user)
    return people
