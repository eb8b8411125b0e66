"""挂牌督办 and 摘牌, and a new date for what cannot be put right in time: the office's acts."""

from datetime import date

from django.db import transaction

from common.clock import day_of
from common.errors import DomainError, require
from inspections.enums import HazardStage, StampKind
from inspections.models import Hazard
from inspections.permissions import can_list_hazards
from inspections.services.hazards import Stamp, check_near, finish, lock_hazard, need_words


def list_hazard(
    hazard: Hazard, stamp: Stamp, *, document_no: str, due_on: date, version: int
) -> Hazard:
    """Put a 重大隐患 under 挂牌督办, with the notice's number and the date it sets.

    Source: 方案(二十一)重大事故隐患治理督办制度；通知书以安委会名义下达.
    """
    with transaction.atomic():
        hazard = _locked(hazard, stamp, version)
        if not hazard.is_major:
            raise DomainError("只有重大隐患挂牌督办，一般隐患由督促单位自行销号。")
        if not hazard.is_open or hazard.stage == HazardStage.FOUND:
            raise DomainError("登记以后、销号以前的隐患才能挂牌督办。")
        if hazard.is_listed:
            raise DomainError(f"这处隐患已按{hazard.listed_no}挂牌督办。")
        if not document_no.strip():
            raise DomainError("挂牌督办要写挂牌督办通知书的文号。")
        check_near(due_on, today=day_of(stamp.at))
        if due_on < day_of(stamp.at):
            raise DomainError("督办时限不能早于今天。")
        hazard.listed_no, hazard.listed_on = document_no.strip(), stamp.happened_on
        hazard.delisted_no, hazard.delisted_on = "", None
        hazard.due_on = due_on
        return finish(hazard, StampKind.LISTED, stamp.under(hazard.listed_no))


def delist_hazard(hazard: Hazard, stamp: Stamp, *, document_no: str, version: int) -> Hazard:
    """Take a hazard off 挂牌督办 (摘牌) after it was assessed."""
    with transaction.atomic():
        hazard = _locked(hazard, stamp, version)
        if not hazard.is_listed:
            raise DomainError("这处隐患没有挂牌督办，不用摘牌。")
        if hazard.stage != HazardStage.ASSESSED:
            raise DomainError("第三方验收评估以后才能摘牌。")
        if not document_no.strip():
            raise DomainError("摘牌要写文号。")
        if hazard.listed_on is not None and stamp.happened_on < hazard.listed_on:
            raise DomainError("摘牌日期不能早于挂牌日期。")
        hazard.delisted_no, hazard.delisted_on = document_no.strip(), stamp.happened_on
        return finish(hazard, StampKind.DELISTED, stamp.under(hazard.delisted_no))


def extend_hazard(hazard: Hazard, stamp: Stamp, *, due_on: date, version: int) -> Hazard:
    """Give a hazard a new date (调整时限) for a reason; the first date is kept."""
    with transaction.atomic():
        hazard = _locked(hazard, stamp, version)
        need_words(stamp, "调整时限要写明理由和这段时间的监控措施。")
        if not hazard.is_open or hazard.due_on is None:
            raise DomainError("登记以后、销号以前的隐患才能调整时限。")
        check_near(due_on, today=day_of(stamp.at))
        if due_on <= hazard.due_on:
            raise DomainError("新的时限要晚于现在的时限。")
        hazard.due_on = due_on
        return finish(hazard, StampKind.EXTENDED, stamp)


def _locked(hazard: Hazard, stamp: Stamp, version: int) -> Hazard:
    locked = lock_hazard(hazard, version=version)
    require(can_list_hazards(stamp.actor, today=day_of(stamp.at)))
    return locked
