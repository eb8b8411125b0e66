"""What can be done about a hazard now, and by whom: the boxed next step, and what is beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from inspections.enums import HazardStage
from inspections.models import Hazard
from organizations.access import Access


@dataclass(frozen=True)
class NextStep:
    """The one thing to do now: its address, its button, and who does it."""

    act: str
    label: str
    hint: str


NEXT = {
    HazardStage.FOUND: NextStep(
        "register", "登记", "落实措施、责任、资金、时限、预案。重大隐患五项都要写。"
    ),
    HazardStage.REGISTERED: NextStep(
        "treat", "报治理完成", "治好以后写明怎么治的，等另一个人复查。"
    ),
    HazardStage.TREATED: NextStep(
        "recheck", "填写复查意见", "由另一个人到场核对；没治好的退回继续治理。"
    ),
    HazardStage.RECHECKED: NextStep(
        "assess", "填写评估意见", "一般隐患由督促单位评估；重大隐患由第三方机构验收（第二十一条）。"
    ),
    HazardStage.ASSESSED: NextStep("close", "销号", "重大隐患由区安委办销号，挂牌的先摘牌。"),
}
OFFICE_ACTS = frozenset({"list", "delist", "extend"})


def next_step(hazard: Hazard) -> NextStep | None:
    """Return what is to be done next; None when the hazard is closed or void."""
    return NEXT.get(HazardStage(hazard.stage))


def may_act(hazard: Hazard, act: str, access: Access) -> bool:
    """Whether the person's posts allow the act at the hazard's stage; the services decide."""
    is_own = hazard.unit_id in access.answered_ids
    if act in OFFICE_ACTS:
        return access.is_office and _fits_office_act(hazard, act)
    if act == "reopen":
        return hazard.stage == HazardStage.CLOSED and (is_own or access.is_office)
    if act == "report":
        return hazard.is_open and hazard.is_major and (is_own or access.is_office)
    if act == "void":
        is_offices = hazard.is_major and hazard.stage != HazardStage.FOUND
        return hazard.is_open and (access.is_office or (is_own and not is_offices))
    step = next_step(hazard)
    if step is None or step.act != act:
        return False
    if act in {"register", "treat"}:
        return is_own
    if act == "close" and hazard.is_major:
        return access.is_office and not hazard.is_listed
    is_same = access.user is not None and hazard.treated_by_id == access.user.pk
    return (is_own or access.is_office) and not (act in {"recheck", "close"} and is_same)


def _fits_office_act(hazard: Hazard, act: str) -> bool:
    registered = hazard.is_open and hazard.stage != HazardStage.FOUND
    if act == "list":
        return registered and hazard.is_major and not hazard.is_listed
    if act == "delist":
        return hazard.is_listed and hazard.stage == HazardStage.ASSESSED
    return registered


BESIDE = (
    ("list", "挂牌督办"),
    ("delist", "摘牌"),
    ("extend", "调整时限"),
    ("report", "记双报告"),
    ("reopen", "重开"),
    ("void", "作废…"),
)


def acts_beside(hazard: Hazard, access: Access) -> Sequence[tuple[str, str]]:
    """Return the acts beside the six steps that the person may do now, with their labels."""
    return [(act, label) for act, label in BESIDE if may_act(hazard, act, access)]
