"""Print the rows that the matrix lacks, as the code answers now: judge each before keeping it.

``python -m tests.permissions`` prints new addresses, ``--all`` the whole matrix.
"""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from tests.permissions.matrix import (  # noqa: E402
    METHODS,
    PERSONAS,
    addresses,
    ask,
    read_matrix,
    sign_in,
)
from tests.permissions.world import make_world  # noqa: E402


def main() -> None:
    everything = "--all" in sys.argv
    known = {} if everything else read_matrix()
    world = make_world()
    clients = {persona: sign_in(world.people.get(persona)) for persona in PERSONAS}
    lines = [",".join(("url", "method", *PERSONAS))] if everything else []
    for address in addresses():
        for method in METHODS:
            if (address.name, method) in known:
                continue
            url = address.url(world)
            cells = [ask(clients[persona], method, url).cell for persona in PERSONAS]
            lines.append(",".join((address.name, method, *cells)))
    sys.stdout.write("".join(f"{line}\n" for line in lines))


setup_test_environment()
connection.creation.create_test_db(verbosity=0, serialize=False)
main()
