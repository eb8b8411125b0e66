"""Reminders and what became of them."""

from notices.models.delivery import Delivery
from notices.models.notice import Notice
from notices.models.order import OrderRequest
from notices.models.preference import NoticePreference
from notices.models.setting import ReminderSchedule, ReminderSetting
from notices.models.tick import PlannerClock, PlannerScan

__all__ = [
    "Delivery",
    "Notice",
    "NoticePreference",
    "OrderRequest",
    "PlannerClock",
    "PlannerScan",
    "ReminderSchedule",
    "ReminderSetting",
]
