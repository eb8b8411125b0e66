"""Build the documents of a period into a folder, as from cron: one PDF for each document."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from common import clock
from common.errors import DomainError
from documents.enums import FileFormat
from documents.exceptions import NotYet
from documents.kinds import DocumentKind, all_kinds
from documents.models import Document
from documents.services.drafting import draft_document
from documents.services.files import build_file
from documents.typesetting.renderer import Renderer
from organizations.models import Unit
from organizations.services.people import get_system_user


class Command(BaseCommand):
    help = "生成一个期次的公文 PDF，每份一个文件；已签发的取签发件，其余按当前数据生成草稿。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", required=True, help="期次，如 2026Q3")
        parser.add_argument("--unit", help="只生成这个单位的，填单位代码")
        parser.add_argument("--kind", help="只生成这一种")
        parser.add_argument("--out", type=Path, required=True, help="存放文件的文件夹")

    def handle(self, *args: Any, **options: Any) -> None:
        out: Path = options["out"]
        kinds = self._kinds(options["kind"], options["period"])
        only = self._unit(options["unit"])
        self._made, self._failed = 0, 0
        out.mkdir(parents=True, exist_ok=True)
        with Renderer() as renderer:
            for kind in kinds:
                self._build_kind(kind, options["period"], only, out, renderer)
        self.stdout.write(f"生成 {self._made} 份，未成 {self._failed} 份，存放在 {out}。")
        if self._failed or not self._made:
            raise CommandError("有文件未能生成，见上。" if self._failed else "没有可生成的文件。")

    @staticmethod
    def _kinds(slug: str | None, period: str) -> list[DocumentKind]:
        """Return the kinds asked for that are made for such a period: a year has no bulletin."""
        fitting, refusal = [], f"没有“{slug}”这种文件。"
        for kind in all_kinds():
            if slug in {None, kind.slug}:
                try:
                    kind.period_label(period)
                    fitting.append(kind)
                except DomainError as error:
                    refusal = error.message
        if not fitting:
            raise CommandError(refusal)
        return fitting

    @staticmethod
    def _unit(code: str | None) -> Unit | None:
        if code is None:
            return None
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"没有代码为“{code}”的单位。")
        return unit

    def _build_kind(
        self, kind: DocumentKind, period: str, only: Unit | None, out: Path, renderer: Renderer
    ) -> None:
        try:
            units = self._units(kind, period, only)
        except NotYet as error:
            self.stdout.write(f"{kind.label}暂不生成：{error.message}")
            return
        for unit in units:
            try:
                document = draft_document(
                    kind.slug, period, unit, actor=get_system_user(), at=clock.now()
                )
                self._write(document, out, renderer)
            except NotYet as error:
                self.stdout.write(f"{kind.label}暂不生成：{error.message}")
            except DomainError as error:
                self._failed += 1
                whose = unit.name if unit else "全区"
                self.stderr.write(f"{kind.label}（{whose}）未能生成：{error.message}")

    @staticmethod
    def _units(kind: DocumentKind, period: str, only: Unit | None) -> list[Unit | None]:
        """Return for whom the kind is made; None stands for the district."""
        if kind.units is None:
            return [None] if only is None else []
        listed = kind.units(period, clock.today())
        return [unit for unit in listed if only is None or unit.pk == only.pk]

    def _write(self, document: Document, out: Path, renderer: Renderer) -> None:
        made = build_file(
            document,
            FileFormat.PDF,
            today=clock.today(),
            renderer=renderer,
            actor=get_system_user(),
            at=clock.now(),
        )
        target = out / f"{document.period}-{document.file_stem.replace('/', '／')}.pdf"
        with default_storage.open(made.path) as source:
            target.write_bytes(source.read())
        self._made += 1
        self.stdout.write(f"{target.name}（{made.size // 1024} KB）")
