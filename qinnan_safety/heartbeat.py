"""Signs of life of the scheduler and the worker, kept in the queue's own store.

They say nothing that must last: after a lost queue the next tick writes them again.
"""

import time

import redis
from django.conf import settings

BEAT, WORKER = "qinnan:beat", "qinnan:worker"
STALE_AFTER = 90  # 秒：心跳四次、看提醒三次都没来；/readyz 和区安委办的横幅同以此为准


def queue_client() -> redis.Redis:
    """Return a client of the queue that never keeps a web request waiting."""
    client: redis.Redis = redis.Redis.from_url(
        settings.QUEUE_URL, socket_timeout=2, socket_connect_timeout=2
    )
    return client


def leave_sign(name: str) -> None:
    """Write that ``name`` is alive; the sign fades by itself."""
    with queue_client() as client:
        client.set(name, int(time.time()), ex=STALE_AFTER)


def signs_of_life() -> frozenset[str]:
    """Return who left a sign lately.

    Raises: redis.RedisError when the queue does not answer.
    """
    with queue_client() as client:
        found = client.mget([BEAT, WORKER])
    return frozenset(
        name for name, value in zip([BEAT, WORKER], found, strict=True) if value is not None
    )
