"""Reminders and what became of them."""

from notices.models.notice import Notice
from notices.models.setting import ReminderSchedule, ReminderSetting
from notices.models.tick import PlannerClock, PlannerScan

__all__ = ["Notice", "PlannerClock", "PlannerScan", "ReminderSchedule", "ReminderSetting"]
