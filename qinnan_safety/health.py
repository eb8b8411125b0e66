"""Health for load balancers and monitors: is the process up, are all parts ready."""

import redis
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from qinnan_safety.heartbeat import BEAT, WORKER, signs_of_life


@login_not_required
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer as long as the web process lives."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when database, queue, scheduler and worker are alive, otherwise 503."""
    parts = {"database": database_answers(), "queue": False, "beat": False, "worker": False}
    try:
        signs = signs_of_life()
    except redis.RedisError:
        pass
    else:
        parts.update(queue=True, beat=BEAT in signs, worker=WORKER in signs)
    ready = all(parts.values())
    body = {"status": "ok" if ready else "unavailable", **parts}
    response = JsonResponse(body, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # a monitor asks every second
    return response


def database_answers() -> bool:
    """Whether the database answers a trivial question."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except DatabaseError:
        return False
