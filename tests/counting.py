"""How many statements a page costs."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def statements_of(client: Client, path: str) -> int:
    """Count the statements of a page opened before; the first time also marks the session."""
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)
