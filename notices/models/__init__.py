"""Reminders and what became of them."""

from notices.models.notice import Notice

__all__ = ["Notice"]
