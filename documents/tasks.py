"""What the workers do for documents.  The renderer's child lives as long as there is work."""

import logging
import threading
from datetime import timedelta

from celery import shared_task
from django.db import DatabaseError

from common import clock
from documents.services.jobs import fail_item, open_items, run_item
from documents.typesetting.renderer import Renderer
from organizations.services.people import get_system_user

logger = logging.getLogger(__name__)
_held = threading.local()


def ring(items: list[int]) -> None:
    """Send one message for each item; the sweeper sends what is lost on the way."""
    for pk in items:
        build_item.delay(pk)


@shared_task(name="documents.build_item")
def build_item(pk: int) -> None:
    """Build one file, and let the renderer go when nothing else waits."""
    system = get_system_user()
    renderer = getattr(_held, "renderer", None) or Renderer()
    _held.renderer = renderer
    try:
        run_item(pk, renderer=renderer, actor=system, at=clock.now())
    except DatabaseError:
        raise  # the lease ends and the sweeper comes round
    except Exception:
        logger.exception("Building item %s failed", pk)
        fail_item(pk, actor=system, at=clock.now())
    finally:
        if not open_items(at=clock.now()):
            renderer.close()


@shared_task(name="documents.sweep_builds")
def sweep_builds() -> int:
    """Ring again for every item without a builder. Returns: their number."""
    waiting = open_items(at=clock.now(), quiet=timedelta(minutes=1))
    ring(waiting)
    return len(waiting)
