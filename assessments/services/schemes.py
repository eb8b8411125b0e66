"""Schemes in numbered versions: copy, edit the draft, put it in force when it sums to 100."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from assessments.enums import HUNDRED, SCHEME_TRANSITIONS, SchemeState
from assessments.models import Indicator, Scheme
from assessments.permissions import can_manage_assessments
from assessments.rules.scoring import number
from common.clock import day_of
from common.errors import DomainError, StaleVersion, ensure_transition, require
from common.tracked import (
    create_many_with_history,
    delete_with_history,
    save_with_history,
)
from organizations.models import User

# 方案里可以改的栏目；类别、版次、状态不由人填。
EDITABLE = (
    "name",
    "basis",
    "excellent_from",
    "good_from",
    "pass_from",
    "is_scaled",
    "bonus_cap",
    "honour_cap",
    "experience_cap",
    "innovation_cap",
    "national_points",
    "provincial_points",
    "city_points",
    "criticism_points",
)
INDICATOR_COLUMNS = (
    "part",
    "heading",
    "title",
    "points",
    "rule",
    "rate",
    "excess_rate",
    "record",
    "every_months",
    "basis",
)


def copy_scheme(scheme: Scheme, *, actor: User, at: datetime) -> Scheme:
    """Make the next version of a scheme as a draft (修订); there is one draft of a class at a time.

    Raises: DomainError when a draft is there already.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        versions = Scheme.objects.select_for_update().filter(
            assessment_class=scheme.assessment_class
        )
        known = list(versions.order_by("version"))
        if any(item.state == SchemeState.DRAFT for item in known):
            raise DomainError("这一类单位已有一份修订中的草稿，请在那份草稿上改。")
        draft = Scheme(
            assessment_class=scheme.assessment_class,
            version=known[-1].version + 1,
            **{name: getattr(scheme, name) for name in EDITABLE},
        )
        save_with_history(draft, actor=actor, reason=f"修订自{scheme}", at=at)
        rows = [
            Indicator(
                scheme=draft,
                number=item.number,
                **{name: getattr(item, name) for name in INDICATOR_COLUMNS},
            )
            for item in scheme.indicators.all()
        ]
        create_many_with_history(rows, actor=actor, reason=f"修订自{scheme}", at=at)
    return draft


def edit_scheme(
    scheme: Scheme,
    columns: Mapping[str, Any],
    indicators: Sequence[Mapping[str, Any]],
    *,
    edition: int,
    actor: User,
    at: datetime,
) -> Scheme:
    """Write a draft over as a whole; indicators are numbered in the order given.

    A draft may sum to anything; only putting it in force asks for 100.
    Raises: StaleVersion; DomainError for a scheme that is no draft.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        draft = _lock_draft(scheme, edition)
        for name in EDITABLE:
            setattr(draft, name, columns[name])
        draft.edition += 1
        save_with_history(draft, actor=actor, reason="修改考核方案", at=at)
        _write_indicators(draft, indicators, actor=actor, at=at)
    return draft


def enforce_scheme(scheme: Scheme, *, edition: int, actor: User, at: datetime) -> Scheme:
    """Put a draft in force (施行) in place of the version before it.

    Source: 方案（六）健全责任考核机制。
    Raises: DomainError unless the points sum to 100 exactly.
    """
    with transaction.atomic():
        require(can_manage_assessments(actor, today=day_of(at)))
        draft = _lock_draft(scheme, edition)
        total = draft.total_points
        if total != HUNDRED:
            words = f"各指标分值合计 {number(total)} 分，不是 100 分，不能施行；请先改好分值。"
            raise DomainError(words)
        olds = Scheme.objects.select_for_update().in_force()
        for old in olds.filter(assessment_class=draft.assessment_class):
            ensure_transition(SchemeState(old.state), SchemeState.REPLACED, SCHEME_TRANSITIONS)
            old.state = SchemeState.REPLACED
            save_with_history(old, actor=actor, reason=f"由{draft}替代", at=at)
        ensure_transition(SchemeState(draft.state), SchemeState.IN_FORCE, SCHEME_TRANSITIONS)
        draft.state = SchemeState.IN_FORCE
        draft.edition += 1
        save_with_history(draft, actor=actor, reason="施行", at=at)
    return draft


def _write_indicators(
    draft: Scheme, wanted: Sequence[Mapping[str, Any]], *, actor: User, at: datetime
) -> None:
    """Write the lines of a draft in the order given; a line beyond them is taken off the draft,
    its last state staying in the history."""
    reason, known = "修改考核方案", {item.number: item for item in draft.indicators.all()}
    for place, typed in enumerate(wanted, start=1):
        columns = {name: typed[name] for name in INDICATOR_COLUMNS}
        item = known.pop(place, None) or Indicator(scheme=draft, number=place)
        if item.pk and all(getattr(item, name) == value for name, value in columns.items()):
            continue
        for name, value in columns.items():
            setattr(item, name, value)
        save_with_history(item, actor=actor, reason=reason, at=at)
    for item in known.values():
        delete_with_history(item, actor=actor, reason=reason, at=at)


def _lock_draft(scheme: Scheme, edition: int) -> Scheme:
    draft = Scheme.objects.select_for_update().get(pk=scheme.pk)
    if draft.state != SchemeState.DRAFT:
        raise DomainError(f"{draft}已经{draft.get_state_display()}，不能再改；请修订出下一版。")
    if draft.edition != edition:
        raise StaleVersion
    return draft
