"""The dry run: what a table would change in the ledger, row by row, and what is wrong in it."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, field
from datetime import date
from functools import cached_property

from django.urls import reverse

from clauses.models import Plan
from common.errors import DomainError
from common.spreadsheets import UnreadableFile
from organizations.access import Access
from responsibilities.enums import ObligationState
from responsibilities.excel.columns import BY_KEY, EDITABLE, FIXED
from responsibilities.excel.edits import Edit, KnownRow, RowEdits
from responsibilities.excel.lines import CHUNK, OWN_COLUMNS, Surroundings, Value, values_of
from responsibilities.excel.parsing import code_in, says_the_same, version_in
from responsibilities.excel.reading import SheetRow, SheetTable
from responsibilities.models import Obligation
from responsibilities.services.importing import MAX_CHANGES, RowChange
from responsibilities.unit_names import UnitNames

MAX_SHOWN = 300  # 一页最多列出的改动或错误


@dataclass(frozen=True)
class RowError:
    """One mistake: where it stands on the sheet, and what to do about it."""

    number: int
    heading: str
    message: str


@dataclass(frozen=True)
class RowDiff:
    """What the table changes in one row, as shown and as it will be made."""

    number: int
    row: Obligation
    edits: tuple[Edit, ...]
    notices: tuple[str, ...]
    change: RowChange
    url: str


@dataclass
class DryRun:
    """The whole preview; it may be confirmed when it changes something and has no errors."""

    plan: Plan
    read: int = 0
    diffs: list[RowDiff] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    ignored: list[RowError] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    absent: int = 0

    @property
    def unchanged(self) -> int:
        return self.read - len(self.diffs) - self.wrong_rows

    @property
    def wrong_rows(self) -> int:
        return len({error.number for error in self.errors})

    @property
    def more_diffs(self) -> int:
        return max(0, len(self.diffs) - MAX_SHOWN)

    @property
    def more_errors(self) -> int:
        return max(0, len(self.errors) - MAX_SHOWN)

    @property
    def is_ready(self) -> bool:
        return bool(self.diffs) and not self.errors

    @property
    def changes(self) -> list[RowChange]:
        return [diff.change for diff in self.diffs]

    @cached_property
    def fingerprint(self) -> str:
        """What a confirmation binds to: every row, its version and every change shown."""
        seen = [
            [diff.row.pk, diff.change.version, [astuple(edit) for edit in diff.edits]]
            for diff in self.diffs
        ]
        text = json.dumps([self.plan.pk, seen], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def plan_of(table: SheetTable, *, access: Access) -> Plan:
    """Return the plan that the table names, or the current one when it names none.

    Raises: UnreadableFile when there is no such plan.
    """
    plans = Plan.objects.visible_to(access).without_text()
    plan = plans.filter(code=table.plan_code).first() if table.plan_code else plans.current()
    if plan is None:
        raise UnreadableFile(f"台账里没有代码为“{table.plan_code}”的方案，请核对是否传错了表。")
    return plan


def dry_run(table: SheetTable, plan: Plan, *, access: Access, today: date) -> DryRun:
    """Compare the table with the ledger as it is now; nothing is written."""
    found = DryRun(plan, read=len(table.rows), unknown=table.unknown)
    coded = list(_coded(table.rows, found.errors))
    names = UnitNames.on(today)
    found.absent = _absent(plan, {code for code, _ in coded}, access)
    for start in range(0, len(coded), CHUNK):
        chunk = coded[start : start + CHUNK]
        rows = _rows(plan, {code for code, _ in chunk}, names, access)
        for code, sheet_row in chunk:
            if code in rows:
                _compare(sheet_row, rows[code], names, today, found)
            else:
                found.errors.append(RowError(sheet_row.number, "编号", _unknown_code(code)))
    for diff in found.diffs[MAX_CHANGES:][:1]:
        words = f"改动超过一次导入的上限 {MAX_CHANGES} 项，请把这一行起的改动放到另一份表里再导入。"
        found.errors.append(RowError(diff.number, "编号", words))
    found.errors.sort(key=lambda error: error.number)
    return found


def _absent(plan: Plan, codes: set[str], access: Access) -> int:
    """Count the rows of the ledger that the table leaves out: they stay as they are."""
    live = Obligation.objects.visible_to(access).of_plan(plan).live()
    return len(set(live.values_list("code", flat=True)) - codes)


def _unknown_code(code: str) -> str:
    return (
        f"台账里没有编号“{code}”。表里不能加新任务：请到“方案条文”的逐句分解中选句立项，"
        "再导出填写。"
    )


def _coded(rows: Iterable[SheetRow], errors: list[RowError]) -> Iterator[tuple[str, SheetRow]]:
    """Yield the rows that name a code, each code once."""
    coded = []
    for row in rows:
        try:
            coded.append((code_in(row.cells["code"]), row))
        except DomainError as error:
            errors.append(RowError(row.number, "编号", error.message))
    often = Counter(code for code, _ in coded)
    for code, row in coded:
        if often[code] > 1:
            words = f"编号“{code}”在表里出现了 {often[code]} 次，请只留一行。"
            errors.append(RowError(row.number, "编号", words))
        else:
            yield code, row


def _rows(plan: Plan, codes: set[str], names: UnitNames, access: Access) -> dict[str, KnownRow]:
    wanted = Obligation.objects.visible_to(access).of_plan(plan).filter(code__in=codes)
    rows = {row.pk: row for row in wanted}
    around = Surroundings.of(rows)
    return {
        record["code"]: KnownRow(
            rows[record["pk"]], values_of(record, around, names), around.held[record["pk"]]
        )
        for record in wanted.values(*OWN_COLUMNS)
        if record["pk"] in rows
    }


def _compare(
    sheet_row: SheetRow, known: KnownRow, names: UnitNames, today: date, found: DryRun
) -> None:
    row, values, cells = known.row, known.values, sheet_row.cells
    touched = {c.key for c in EDITABLE if not says_the_same(cells[c.key], values[c.key], c)}
    is_current = version_in(cells["version"]) == row.version
    if is_current:
        found.ignored += _fixed_edits(sheet_row, values)
    if not touched:
        return
    edits = RowEdits(known, cells, touched, names, today)
    if not edits.problems and not edits.edits:
        return
    problems = edits.problems
    if not is_current:
        problems = [("version", _stale(row, sheet_row))]
    elif row.state == ObligationState.VOID:
        problems = [("code", f"{row.code} 已撤销，不能再改，请把这一行删去。")]
    if problems:
        number = sheet_row.number
        found.errors += [RowError(number, BY_KEY[key].heading, words) for key, words in problems]
        return
    change = RowChange(row, row.version, edits.wording, edits.roles, edits.deadline)
    url = reverse("responsibilities:obligation_detail", args=[found.plan.code, row.code])
    found.diffs.append(RowDiff(sheet_row.number, row, edits.edits, edits.notices, change, url))


def _stale(row: Obligation, sheet_row: SheetRow) -> str:
    held = version_in(sheet_row.cells["version"])
    if held is None:
        return "“版本”一格应是导出时的数字，请照原样改回，或重新导出再改。"
    return (
        f"{row.code} 在导出之后被改过（表里是版本 {held}，现在是版本 {row.version}）。"
        "请重新导出再改这一行；不改这一行的，把它从表里删去。"
    )


def _fixed_edits(sheet_row: SheetRow, values: dict[str, Value]) -> Sequence[RowError]:
    """Return the columns that a person changed although they are not taken in."""
    return [
        RowError(sheet_row.number, BY_KEY[key].heading, "这一列不导入，改动已略过。")
        for key in FIXED
        if key in sheet_row.cells
        and not says_the_same(sheet_row.cells[key], values[key], BY_KEY[key])
    ]
