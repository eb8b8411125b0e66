"""Load the default schemes, once: a class that has a scheme is left alone."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction

from assessments.enums import HUNDRED, SchemeState
from assessments.models import Indicator, Scheme
from common.errors import DomainError
from common.tracked import create_many_with_history, save_with_history
from organizations.models import User

REASON = "载入参考数据：考核方案"
POINTS = ("points", "rate", "excess_rate")


def load_schemes(path: Path, *, actor: User, at: datetime) -> int:
    """Store the default scheme of each class. Returns: the number of new schemes."""
    made = 0
    with transaction.atomic():
        for entry in json.loads(path.read_text(encoding="utf-8")):
            if Scheme.objects.filter(assessment_class=entry["assessment_class"]).exists():
                continue
            _load(entry, actor=actor, at=at)
            made += 1
    return made


def _load(entry: dict[str, Any], *, actor: User, at: datetime) -> None:
    scheme = Scheme(
        assessment_class=entry["assessment_class"],
        version=1,
        name=entry["name"],
        basis=entry["basis"],
        state=SchemeState.IN_FORCE,
    )
    save_with_history(scheme, actor=actor, reason=REASON, at=at)
    indicators = []
    for number, item in enumerate(entry["indicators"], start=1):
        points = {name: Decimal(item[name]) for name in POINTS if name in item}
        indicator = Indicator(scheme=scheme, number=number, **item | points)
        indicator.full_clean(exclude=["scheme"], validate_unique=False)
        indicators.append(indicator)
    if sum(indicator.points for indicator in indicators) != HUNDRED:
        raise DomainError(f"{scheme.name}的分值合计不是100分，请核对参考数据。")
    create_many_with_history(indicators, actor=actor, reason=REASON, at=at)
