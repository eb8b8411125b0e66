"""The public check of a document: by its code, and of a file that somebody holds."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from documents.forms import CheckedFileForm, CodeForm
from documents.rules import read_code
from documents.services.verifying import digest_of, find, match


@login_not_required
@require_http_methods(["GET", "HEAD"])
def verify_home(request: HttpRequest) -> HttpResponse:
    """Ask for the code; a code in the question leads on to its page."""
    form = CodeForm(request.GET if "code" in request.GET else None)
    if form.is_bound and form.is_valid():
        code = read_code(form.cleaned_data["code"])
        if code:
            return redirect("documents:verify", code=code)
        form.add_error("code", "核验码应为 16 位字母和数字，请对照文件再输一次。")
    status = 422 if form.errors else 200
    return render(request, "documents/verify_home.html", {"form": form}, status=status)


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the code stands for; a file that is sent is compared and forgotten."""
    finding = find(code)
    if finding is None:
        return render(request, "documents/verify_unknown.html", {"code": code[:40]}, status=404)
    form = CheckedFileForm(request.POST or None, request.FILES or None)
    checked = None
    if request.method == "POST" and form.is_valid():
        sha256 = digest_of(form.cleaned_data["file"].chunks())
        checked = {"sha256": sha256, "match": match(finding.document, sha256)}
    files = finding.document.files.filter(is_final=True).order_by("-format")
    context = {"finding": finding, "form": form, "checked": checked, "files": files}
    status = 422 if form.errors else 200
    return render(request, "documents/verify.html", context, status=status)
