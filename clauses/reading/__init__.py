"""Reading of official Chinese plans: numbering, sentences, and what each asks of whom by when.

Pure: no Django, no database, no clock.  ``read_file`` gives the text of a file, ``read_plan`` the
plan in it.
"""

from clauses.reading.contract import as_json
from clauses.reading.decode import read_bytes, read_file
from clauses.reading.document import PlanDocument
from clauses.reading.errors import UnreadablePlan
from clauses.reading.reader import read_plan

__all__ = ["PlanDocument", "UnreadablePlan", "as_json", "read_bytes", "read_file", "read_plan"]
