"""Facts and veto decisions: entered by the office, seen by the units they concern."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.enums import FactKind
from assessments.forms.facts import FactForm, VetoForm, VoidForm
from assessments.gone import counting_spans, named, stays_with
from assessments.models import Assessment, EnteredFact, VetoDecision
from assessments.services.entering import enter_fact, enter_veto, void_fact, void_veto
from assessments.vetoes import effects_of
from common.clock import now
from common.errors import DomainError, messages_of
from organizations.http import AuthenticatedRequest, office_required
from organizations.models import Unit

FACTS_A_PAGE = 50


@require_safe
def fact_list(request: AuthenticatedRequest) -> HttpResponse:
    """考核事实和一票否决；单位只看本单位的。"""
    facts = EnteredFact.objects.visible_to(request.access).select_related("unit")
    vetoes = VetoDecision.objects.visible_to(request.access).select_related("unit")
    units = list(Unit.objects.filter(pk__in=facts.values("unit")).order_by("order", "pk"))
    unit = next((one for one in units if one.code == request.GET.get("unit")), None)
    kind = request.GET.get("kind", "")
    kind = kind if kind in FactKind.values else ""
    facts = facts.filter(unit=unit) if unit else facts
    facts = facts.filter(kind=kind) if kind else facts
    context = {
        "facts": Paginator(facts, FACTS_A_PAGE).get_page(request.GET.get("page")),
        "vetoes": vetoes,
        "units": units,
        "unit": unit,
        "kinds": FactKind.choices,
        "kind": kind,
        "query": urlencode({"unit": unit.code if unit else "", "kind": kind}),
    }
    return render(request, "assessments/fact_list.html", context)


def _own_fact(request: AuthenticatedRequest, pk: int) -> EnteredFact:
    facts = EnteredFact.objects.visible_to(request.access).select_related("unit", "entered_by")
    return get_object_or_404(facts, pk=pk)


def _own_veto(request: AuthenticatedRequest, pk: int) -> VetoDecision:
    vetoes = VetoDecision.objects.visible_to(request.access).select_related("unit", "entered_by")
    return get_object_or_404(vetoes, pk=pk)


def _fact_page(
    request: AuthenticatedRequest, record: EnteredFact | VetoDecision, form: VoidForm
) -> HttpResponse:
    """Show a record with what has been done to it."""
    acts = type(record).history.filter(id=record.pk).select_related("history_user")
    acts = acts.order_by("history_date", "history_id")
    context: dict[str, object] = {"record": record, "form": form, "acts": acts}
    context["stays"] = stays_with(record)
    name = "fact_detail"
    if isinstance(record, VetoDecision):
        name = "veto_detail"
        context["effects"] = effects_of(record) if request.access.is_office else ()
    status = 422 if form.errors else 200
    return render(request, f"assessments/{name}.html", context, status=status)


@require_safe
def fact_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一条考核事实。"""
    return _fact_page(request, _own_fact(request, pk), VoidForm())


@require_safe
def veto_detail(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """一份一票否决决定。"""
    return _fact_page(request, _own_veto(request, pk), VoidForm())


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def fact_create(request: AuthenticatedRequest) -> HttpResponse:
    """登记考核事实。"""
    form = FactForm(request.POST or None, today=request.today, initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        unit = get_object_or_404(Unit, code=form.cleaned_data["unit"])
        try:
            fact = enter_fact(unit, form.content(), actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"已登记{_how_counted(fact, '计入')}{stays_with(fact)}")
            if "another" not in request.POST:
                return redirect(fact)
            return redirect(f"{reverse('assessments:fact_create')}?{urlencode(form.shared())}")
    return _form_page(request, form, "登记考核事实", "登记")


@require_http_methods(["GET", "HEAD", "POST"])
@office_required
def veto_create(request: AuthenticatedRequest) -> HttpResponse:
    """登记一票否决。"""
    form = VetoForm(request.POST or None, today=request.today)
    if request.method == "POST" and form.is_valid():
        unit = get_object_or_404(Unit, code=form.cleaned_data["unit"])
        try:
            veto = enter_veto(unit, form.content(), actor=request.user, at=now())
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            spans = named(counting_spans(veto))
            counted = f"，计入{spans}考核。" if spans else "。"
            messages.success(request, f"一票否决已登记{counted}{stays_with(veto)}")
            return redirect(veto)
    return _form_page(request, form, "登记一票否决", "登记一票否决")


def _how_counted(fact: EnteredFact, act: str) -> str:
    """Say when a fact moves a result: what is published moves by a correction alone."""
    spans = counting_spans(fact)
    published = Assessment.objects.published().filter(period__in=[span.code for span in spans])
    if names := "、".join(str(found) for found in published):
        return f"，但{names}已经发布，请到考核页写明原因办理更正，另编号以后才{act}。"
    return f"，{named(spans)}考核下一次测算时{act}。" if spans else "。"


def _form_page(
    request: AuthenticatedRequest, form: FactForm | VetoForm, heading: str, button: str
) -> HttpResponse:
    another = isinstance(form, FactForm)
    context = {"form": form, "heading": heading, "button": button, "another": another}
    status = 422 if form.errors else 200
    return render(request, "assessments/fact_form.html", context, status=status)


@require_POST
@office_required
def fact_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """作废一条登记错的事实。"""
    fact, form = _own_fact(request, pk), VoidForm(request.POST)
    if form.is_valid():
        try:
            void_fact(fact, actor=request.user, at=now(), reason=form.cleaned_data["reason"])
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, f"已作废{_how_counted(fact, '不再计入')}")
            return redirect(fact)
    return _fact_page(request, fact, form)


@require_POST
@office_required
def veto_void(request: AuthenticatedRequest, pk: int) -> HttpResponse:
    """作废一份登记错或已撤回的否决决定。"""
    veto, form = _own_veto(request, pk), VoidForm(request.POST)
    if form.is_valid():
        try:
            void_veto(veto, actor=request.user, at=now(), reason=form.cleaned_data["reason"])
        except (DomainError, ValidationError) as error:
            form.add_error(None, messages_of(error))
        else:
            messages.success(request, "已作废。")
            return redirect(veto)
    return _fact_page(request, veto, form)
