"""What everybody may read without signing in: editions, tasks, data and its dictionary."""

from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, urlencode
from django.views.decorators.http import require_safe

from qinnan_safety.models import Publication
from qinnan_safety.publication.downloads import MEDIA_TYPES, data_file
from qinnan_safety.publication.fields import dictionary
from qinnan_safety.publication.page import PublicPage, page_of

PER_PAGE = 30
LISTED = 6
ASKED = (
    ("plan", "方案"),
    ("status", "进度"),
    ("section", "所属部分"),
    ("clause", "条款"),
    ("leads", "牵头单位"),
)


@login_not_required
@require_safe
def public_home(request: HttpRequest) -> HttpResponse:
    """公开页：最近一期；还没有公布就如实说。"""
    newest = Publication.objects.first()
    if newest is None:
        return render(request, "publication/none.html")
    return _edition(request, newest)


@login_not_required
@require_safe
def public_edition(request: HttpRequest, edition: int) -> HttpResponse:
    """公开页：按期号看，旧的一期留在自己的地址上。"""
    return _edition(request, get_object_or_404(Publication, number=edition))


def _edition(request: HttpRequest, edition: Publication) -> HttpResponse:
    if edition.is_withdrawn:
        return _withdrawn(request, edition, status=200)
    newest = Publication.objects.defer("content").first()
    context: dict[str, Any] = {"edition": edition, "others": _others(edition), "newest": newest}
    page = page_of(edition)
    rows = page.rows
    late = [row for row in rows if row["kind"] == "overdue"]
    done = [row for row in rows if row["kind"] == "closed"]
    context |= {"page": page, "late": late, "done": done, "listed": LISTED}
    return render(request, "publication/home.html", context)


def _others(edition: Publication) -> QuerySet[Publication]:
    return Publication.objects.exclude(pk=edition.pk).defer("content")


def _withdrawn(
    request: HttpRequest, edition: Publication, *, status: int = HTTPStatus.GONE
) -> HttpResponse:
    """Say that an edition was withdrawn, and why; its tasks and its data are gone for good."""
    context = {"edition": edition, "others": _others(edition)}
    return render(request, "publication/withdrawn.html", context, status=status)


@login_not_required
@require_safe
def public_tasks(request: HttpRequest, edition: int) -> HttpResponse:
    """任务清单：按进度、部分、条款、单位筛选。"""
    found = get_object_or_404(Publication, number=edition)
    if found.is_withdrawn:
        return _withdrawn(request, found)
    page = page_of(found)
    asked = {key: request.GET.get(key, "") for key, _ in ASKED}
    rows = page.chosen(asked)
    chosen = {key: value for key, value in asked.items() if value}
    context = {
        "page": page,
        "filters": _filters(page, asked),
        "is_filtered": bool(chosen),
        "page_obj": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "query": urlencode(chosen),
    }
    return render(request, "publication/tasks.html", context)


def _filters(page: PublicPage, asked: dict[str, str]) -> list[dict[str, Any]]:
    offered = ((key, label, page.choices(key)) for key, label in ASKED)
    return [
        {"key": key, "label": label, "choices": choices, "value": asked[key]}
        for key, label, choices in offered
        if choices
    ]


@login_not_required
@require_safe
def public_dictionary(request: HttpRequest, edition: int) -> HttpResponse:
    """数据下载与数据字典：每一栏是什么意思。"""
    found = get_object_or_404(Publication, number=edition)
    if found.is_withdrawn:
        return _withdrawn(request, found)
    page = page_of(found)
    tables = dictionary(page.content["open"])
    return render(request, "publication/dictionary.html", {"page": page, "tables": tables})


@login_not_required
@require_safe
def public_data(request: HttpRequest, edition: int, table: str, ending: str) -> HttpResponse:
    """一期数据的一个文件；地址不变，内容不变。"""
    found = get_object_or_404(Publication, number=edition)
    return (
        _withdrawn(request, found) if found.is_withdrawn else _file(request, found, table, ending)
    )


@login_not_required
@require_safe
def public_newest_data(request: HttpRequest, table: str, ending: str) -> HttpResponse:
    """最近一期数据的一个文件；地址不变，内容随新的一期更新，撤回的一期不算。"""
    standing = Publication.objects.filter(withdrawn_at__isnull=True).first()
    if standing is not None:
        return _file(request, standing, table, ending)
    withdrawn = Publication.objects.first()
    if withdrawn is None:
        raise Http404
    return _withdrawn(request, withdrawn)


def _file(request: HttpRequest, edition: Publication, table: str, ending: str) -> HttpResponse:
    body = data_file(edition, table, ending)
    if body is None:
        raise Http404
    name = f"qinnan-{edition.number}-{table}.{ending}"
    etag, moment = f'"{edition.sha256[:32]}-{name}"', int(edition.published_at.timestamp())
    response = HttpResponse(body, content_type=MEDIA_TYPES[ending])
    response["ETag"], response["Last-Modified"] = etag, http_date(moment)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    answer = get_conditional_response(request, etag=etag, last_modified=moment, response=response)
    return answer or response
