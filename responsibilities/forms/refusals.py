"""Where on a form the sentence of a refused act belongs."""

from django.core.exceptions import ValidationError

from common.errors import DomainError, messages_of
from common.forms import Form
from responsibilities.exceptions import NoBasis

BASIS = ("basis", "decision_basis")


def add_refusal(form: Form, error: DomainError | ValidationError) -> None:
    """Show the refusal at the field that it is about, or over the form."""
    names = BASIS if isinstance(error, NoBasis) else ()
    about = next((name for name in names if name in form.fields), None)
    form.add_error(about, messages_of(error))
