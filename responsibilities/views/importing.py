"""Import of a plan from a file (导入方案): upload, look at what was read, store."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from clauses.forms import ParticularsForm, UploadForm
from clauses.models import Plan
from clauses.reading import PlanDocument, UnreadablePlan, read_plan
from clauses.services.importing import import_document
from common import clock
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest, office_required

SALT = "responsibilities.plan_import"
KEPT_SECONDS = 24 * 60 * 60
SHOWN = 200  # 预览最多列出的任务建议
GONE = "预览已超过一天或不完整，请重新上传文件。"


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def plan_import(request: AuthenticatedRequest) -> HttpResponse:
    """Take a file and show what was read from it; nothing is stored yet."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "responsibilities/plan_import.html", {"form": form})
    if form.is_valid():
        document: PlanDocument = form.cleaned_data["document"]
        details = ParticularsForm(initial=_known(document) | {"code": _free_code(request)})
        return _preview(request, document, details, 200)
    return render(request, "responsibilities/plan_import.html", {"form": form}, status=422)


@require_POST
@office_required
def plan_import_confirm(request: AuthenticatedRequest) -> HttpResponse:
    """Store what the preview showed."""
    try:
        text = signing.loads(request.POST.get("text", ""), salt=SALT, max_age=KEPT_SECONDS)
        document = read_plan(text)
    except (signing.BadSignature, UnreadablePlan):
        messages.error(request, GONE)
        return redirect("responsibilities:plan_import")
    form = ParticularsForm(request.POST)
    if form.is_valid():
        try:
            plan = import_document(
                document,
                code=form.cleaned_data["code"],
                particulars=form.particulars(),
                actor=request.user,
                at=clock.now(),
            )
        except (DomainError, ValidationError) as error:
            for sentence in messages_of(error):
                form.add_error(None, sentence)
        else:
            messages.success(request, f"已导入《{plan.title}》，请逐句处理。")
            return redirect("responsibilities:plan_breakdown", plan.code)
    return _preview(request, document, form, 422)


def _known(document: PlanDocument) -> dict[str, Any]:
    return {"title": document.title, "version_label": document.version_label}


def _free_code(request: AuthenticatedRequest) -> str:
    """Suggest an address for the plan: plan-2019, or plan-2019-2 when that is taken."""
    first = f"plan-{request.today.year}"
    taken = set(Plan.objects.filter(code__startswith=first).values_list("code", flat=True))
    further = (f"{first}-{number}" for number in range(2, len(taken) + 2))
    return next(code for code in (first, *further) if code not in taken)


def _preview(
    request: AuthenticatedRequest, document: PlanDocument, form: ParticularsForm, status: int
) -> HttpResponse:
    text = document.text
    proposals = [
        {
            "code": item.provision,
            "text": text[item.start : item.end],
            "bearers": "、".join(item.bearers),
            "deadline": item.deadline_text,
            "frequency": item.frequency_text,
        }
        for item in document.proposals[:SHOWN]
    ]
    context = {
        "form": form,
        "document": document,
        "token": signing.dumps(text, salt=SALT, compress=True),
        "proposals": proposals,
        "warnings": list(_warnings(document)),
        "named": sum(bool(item.bearers) for item in document.proposals),
        "dated": sum(item.deadline is not None for item in document.proposals),
    }
    return render(request, "responsibilities/plan_import_preview.html", context, status=status)


def _warnings(document: PlanDocument) -> list[str]:
    """Return what a person should look at before storing the plan."""
    found = []
    if not document.title:
        found.append("没有找到方案标题，请在下面填写。")
    if not document.sections:
        found.append("没有找到部分（章）的标题，条款直接列出。")
    bare = [clause.label for clause in document.clauses if not clause.title]
    if bare:
        found.append(f"有 {len(bare)} 条没有条名，以条号显示。")
    text = document.text
    before, after = (
        len(part.strip()) for part in (text[: document.body_start], text[document.body_end :])
    )
    if before or after:
        found.append(f"正文之前 {before} 字、之后 {after} 字不属于方案，原样保存但不拆句。")
    return found
