"""The proof of one unit in one quarter as a zip: a page to begin with, the files, their hashes."""

import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import IO

from django.core.files.storage import default_storage
from django.db.models import Prefetch, Q
from django.template.loader import render_to_string

from common.blobs import blob_path
from common.clock import morning_of
from documents.rules import printable
from organizations.access import Access
from organizations.models import Unit
from responsibilities.enums import Frequency, ReportState
from responsibilities.models import Evidence, ProgressReport, ReportEvidence
from responsibilities.periods import Period, periods_between
from responsibilities.services.evidence import FOLDER

IN_MEMORY = 2 * 1024 * 1024
WITHIN_A_QUARTER = r"^\d{4}(Q|-)"  # 季度、月份期次的开头，见 periods


@dataclass(frozen=True)
class BundledFile:
    """One file of the bundle and its place in it; a void one is named but not enclosed."""

    evidence: Evidence
    path: str


@dataclass(frozen=True)
class Bundle:
    """What one unit reported in one quarter, and the files that prove it."""

    unit: Unit
    quarter: Period
    reports: Sequence[tuple[ProgressReport, Sequence[BundledFile]]]

    @property
    def files(self) -> dict[str, BundledFile]:
        """The files to enclose by hash: each once, however many reports it proves."""
        found: dict[str, BundledFile] = {}
        for _, files in self.reports:
            for file in files:
                if not file.evidence.is_void:
                    found.setdefault(file.evidence.sha256, file)
        return found

    @property
    def filename(self) -> str:
        return f"{self.unit.short_name}{self.quarter.label}佐证材料.zip"


def gather(unit: Unit, quarter: Period, access: Access) -> Bundle:
    """Read the reports of the quarter, as far as the person may see.

    What was told of a month or a quarter belongs to that time, however late it came; what was
    told of other work, to the quarter in which it reached the office. So each is in one bundle.
    """
    links = ReportEvidence.objects.select_related("evidence")
    reports = (
        ProgressReport.objects.visible_to(access)
        .filter(_of_quarter(quarter), task__unit=unit)
        .exclude(state__in=(ReportState.WITHDRAWN, ReportState.SIGNING))
        .select_related("review__reviewer")
        .with_people()
        .with_evidence()
        .prefetch_related(Prefetch("evidence_links", links))
        .order_by("task__obligation__code", "submitted_at", "pk")
    )
    return Bundle(unit, quarter, [(report, list(_files(report))) for report in reports])


def _of_quarter(quarter: Period) -> Q:
    months = periods_between(quarter.first_day, quarter.last_day, Frequency.MONTHLY)
    own = [quarter.code, *(month.code for month in months)]
    begin = morning_of(quarter.first_day, 0)
    end = morning_of(quarter.last_day + timedelta(days=1), 0)
    came = Q(submitted_at__gte=begin, submitted_at__lt=end)
    return Q(task__period__in=own) | came & ~Q(task__period__regex=WITHIN_A_QUARTER)


def _files(report: ProgressReport) -> Iterator[BundledFile]:
    for link in report.evidence_links.all():
        file = link.evidence
        yield BundledFile(file, f"材料/{file.sha256[:8]}_{file.name}")


def write_bundle(bundle: Bundle, *, at: datetime) -> IO[bytes]:
    """Return the zip, open at its beginning; large ones lie on the disk."""
    out: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - returned
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
        page = render_to_string("responsibilities/bundle_index.html", {"bundle": bundle, "at": at})
        made.writestr("目录.html", printable(page))
        sums = [f"{digest}  {file.path}\n" for digest, file in bundle.files.items()]
        made.writestr("SHA256SUMS.txt", "".join(sums))
        for digest, file in bundle.files.items():
            stored = default_storage.open(blob_path(FOLDER, digest))
            with stored as content, made.open(file.path, "w", force_zip64=True) as target:
                for chunk in content.chunks():
                    target.write(chunk)
    out.seek(0)
    return out


def quarters(first: date, last: date) -> Iterator[Period]:
    """Yield the quarters from ``last`` back to ``first``."""
    here = Period.containing(last, Frequency.QUARTERLY)
    while here.last_day >= first:
        yield here
        here = Period.containing(here.first_day - timedelta(days=1), Frequency.QUARTERLY)
