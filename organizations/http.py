"""The request as the views of this project receive it."""

from datetime import date

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from organizations.access import Access
from organizations.models import User


class AuthenticatedRequest(HttpRequest):
    """A request with the business date, the person's rights and htmx details."""

    user: User
    access: Access
    today: date
    htmx: HtmxDetails
