"""Demonstration of publication: one edition, as the office would publish it today."""

from common.clock import morning_of
from organizations.models import User
from qinnan_safety.demo import Story
from qinnan_safety.publication.publishing import prepare, publish


def publish_demo(office: User, story: Story) -> None:
    """Publish the ledger's progress and the newest published grades."""
    at = morning_of(story.today, 8)
    _, seen = prepare(office, today=story.today)
    publish(seen_sha256=seen, reason="（演示）例行公布", actor=office, at=at)
