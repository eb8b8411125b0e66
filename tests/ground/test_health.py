"""What a monitor learns."""

import os

import pytest
from django.db import DatabaseError, connection

from qinnan_safety.heartbeat import BEAT, WORKER, leave_sign, queue_client
from qinnan_safety.tasks import heartbeat


def test_the_process_is_up_even_without_database_and_queue(client):
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_not_ready_while_the_queue_does_not_answer(client, settings):
    settings.QUEUE_URL = "redis://127.0.0.1:1/0"

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "unavailable",
        "database": True,
        "queue": False,
        "beat": False,
        "worker": False,
    }


@pytest.mark.django_db
def test_not_ready_while_the_database_does_not_answer(client, settings, monkeypatch):
    settings.QUEUE_URL = "redis://127.0.0.1:1/0"

    def fail(*_args, **_options):
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", fail)

    assert client.get("/readyz").json()["database"] is False


@pytest.fixture
def queue(settings):
    settings.QUEUE_URL = os.environ["TEST_REDIS_URL"]
    with queue_client() as client:
        client.delete(BEAT, WORKER)
        yield client
        client.delete(BEAT, WORKER)


@pytest.mark.redis
@pytest.mark.django_db
def test_ready_when_scheduler_and_worker_left_their_signs(client, queue):
    assert client.get("/readyz").json()["queue"] is True
    assert client.get("/readyz").status_code == 503

    leave_sign(BEAT)
    heartbeat()

    assert client.get("/readyz").json() == {
        "status": "ok",
        "database": True,
        "queue": True,
        "beat": True,
        "worker": True,
    }


@pytest.mark.redis
def test_signs_of_life_fade(queue):
    leave_sign(BEAT)

    assert 0 < queue.ttl(BEAT) <= 90
