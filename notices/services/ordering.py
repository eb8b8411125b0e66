"""The end of the ladder: a draft of a 督办单 for the office, once for each unit and quarter."""

from collections.abc import Callable, Collection
from datetime import date, datetime

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError
from notices.addressees import Directory
from notices.enums import OrderState
from notices.models import OrderRequest
from notices.orders import Drafter, drafter
from notices.rules import SIGNATURE, fit, quarter_code
from notices.services.posting import Message, post_notice
from organizations.models import User

ALREADY_OUT = "这一季度的督办单已经签发"


def ask_for_orders(units: Collection[int], *, at: datetime, today: date) -> None:
    """Ask for a draft for each of the units; part of the act that sends the last rung."""
    if units:
        OrderRequest.objects.ask(units, period=quarter_code(today), at=at)


def draft_orders(instant: Callable[[], datetime], *, actor: User) -> int:
    """Draft what was asked for (拟督办单) and tell the office where the draft is.

    Each draft is a transaction that first takes its request: a run that dies leaves the request
    to the next, and of two runs at once the second finds it taken.
    Returns: how many drafts were written.
    """
    draft = drafter()
    if draft is None:
        return 0
    waiting = OrderRequest.objects.filter(state=OrderState.WAITING).select_related("unit")
    return sum(_draft(request, draft, actor=actor, at=instant()) for request in waiting)


def _draft(request: OrderRequest, draft: Drafter, *, actor: User, at: datetime) -> bool:
    try:
        with transaction.atomic():
            if not OrderRequest.objects.settle(request.pk, OrderState.DRAFTED, at=at):
                return False
            made = draft(request.unit, request.period, actor, at)
            if made is None:
                raise DomainError(ALREADY_OUT)
            clerks = User.objects.filter(pk__in=Directory.on(day_of(at)).clerks)
            message = Message(
                subject=f"order:{request.pk}",
                text=fit(SIGNATURE, made.label, "已拟草稿，请核对后签发。"),
                url=made.url,
                unit=request.unit,
                kind="order",
            )
            post_notice(clerks, message, actor=actor, at=at)
    except DomainError as error:
        with transaction.atomic():
            OrderRequest.objects.settle(
                request.pk, OrderState.NOTHING, at=at, reason=error.message[:200]
            )
        return False
    return True
