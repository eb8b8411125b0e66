"""The pages of inspections as people send them."""

from django.test import Client
from django.urls import reverse

from common.clock import now
from inspections.models import Inspection
from organizations.models import User
from organizations.reauthentication import ENTERED
from tests.builders import as_

FORM = {
    "token": "page-1",
    "inspected_on": "2019-09-12",
    "leader_kind": "head",
    "leader_name": "覃局长",
    "field": "建筑施工",
    "method": "routine",
    "places": "沙埠镇施工点\r\n区汽车客运站",
    "checked": "临边防护。",
    "found-TOTAL_FORMS": "3",
    "found-INITIAL_FORMS": "0",
    "found-0-problem": "临边防护缺失",
    "found-0-handling": "by_date",
    "found-0-due_on": "2019-09-25",
    "found-1-problem": "",
    "found-1-handling": "on_the_spot",
    "found-2-problem": "通道堆放货物",
    "found-2-handling": "on_the_spot",
}


def with_fresh_password(who: User) -> Client:
    client = as_(who)
    session = client.session
    session[ENTERED] = int(now().timestamp())
    session.save()
    return client


def url(act: str, *args: int) -> str:
    return reverse(f"inspections:inspection_{act}", args=args)


def confirm(client: Client, inspection: Inspection, **fields: str):
    sent = {"seen": inspection.content_sha256, "declared": "on"} | fields
    return client.post(url("confirm", inspection.pk), sent)
