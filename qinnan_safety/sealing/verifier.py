"""Finding what was changed behind the application's back."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Exists, Max, OuterRef

from qinnan_safety.models import HistorySeal, SealCount
from qinnan_safety.sealing.anchor import anchor_file, read_anchor
from qinnan_safety.sealing.digests import (
    START,
    canonical,
    columns_of,
    history_of,
    row_digest,
    seal_digest,
    tracked_models,
)
from responsibilities.models import Obligation
from responsibilities.models.obligation import ROLLUP_FIELDS
from responsibilities.services.rollup import rollup_columns

CHUNK = 500
BEFORE_ALL = -(2**63)


def find_faults() -> Iterator[str]:
    """Yield a Chinese sentence for every row that is not as it was recorded.

    Four questions: are the sealed history rows what they were; are the seals all that were made
    and those of the anchor; does every business row say what its newest history row says; do the
    columns that carry no history say what they are derived from.
    """
    yield from _lost_seals()
    yield from _broken_anchor()
    yield from _wrong_rollups()
    for model in tracked_models():
        yield from _broken_history(model)
        yield from _unrecorded(model)
        yield from _vanished(model)


def _lost_seals() -> Iterator[str]:
    """Seals that were made, by the count that is kept of them, and are not there any more."""
    there = dict(HistorySeal.objects.order_by().values_list("table").annotate(last=Max("number")))
    for table, made in SealCount.objects.values_list("table", "made"):
        if there.get(table, 0) < made:
            left = f"只剩到第 {there[table]} 段" if table in there else "一段也不在了"
            yield (
                f"{_noun(table)}留痕封存过 {made} 段，现在{left}："
                "封条被删除，请从删除以前的备份恢复后再核对。"
            )


def _wrong_rollups() -> Iterator[str]:
    """Ledger rows whose stored dates and counts are not those of their tasks."""
    noun = f"“{Obligation._meta.verbose_name}”"
    names = {name: f"derived_{name}" for name in ROLLUP_FIELDS}
    derived = {names[name]: expression for name, expression in rollup_columns().items()}
    rows = Obligation.objects.annotate(**derived).order_by("pk")
    for row in rows.values("code", *ROLLUP_FIELDS, *names.values()).iterator(CHUNK):
        wrong = [name for name in ROLLUP_FIELDS if row[name] != row[names[name]]]
        if wrong:
            yield (
                f"{noun} {row['code']} 的汇总（{'、'.join(wrong)}）与办理件不符：被直接改过，"
                "或办理件绕过平台改过。"
            )


def _broken_anchor() -> Iterator[str]:
    try:
        lines = read_anchor()
    except ValueError as error:
        yield str(error)
        return
    found = HistorySeal.objects.values_list("table", "number", "digest")
    seals = {(table, number): digest for table, number, digest in found}
    if not lines and (seals or SealCount.objects.filter(anchored__gt=0).exists()):
        yield (
            f"找不到锚定文件 {anchor_file().name}，无法证明封条没有被重做："
            f"请把它的异地副本放回 {anchor_file()}；找不回来的，报区安委办负责人并查明原因。"
        )
        return
    for line in lines:
        which = f"{_noun(line.table)}留痕第 {line.number} 段"
        digest = seals.pop((line.table, line.number), None)
        if digest is None:
            yield f"{which}的封条不在了：末尾被截去，或恢复过较早的备份。"
        elif digest != line.digest:
            yield f"{which}的封条与锚定文件不一致：封条被重做过。"
    for table, number in seals:
        yield f"{_noun(table)}留痕第 {number} 段没有锚定：锚定文件缺了末尾。"


def _noun(table: str) -> str:
    for model in tracked_models():
        if history_of(model)._meta.label_lower == table:
            return f"“{model._meta.verbose_name}”"
    return table


def _broken_history(model: Any) -> Iterator[str]:
    history = history_of(model)
    noun, table = f"“{model._meta.verbose_name}”", history._meta.label_lower
    previous, after, expected = START, BEFORE_ALL, 1
    for seal in HistorySeal.objects.filter(table=table).order_by("number").iterator(20):
        if seal.number != expected:
            yield f"{noun}留痕缺第 {expected} 段封条。"
        if seal_digest(previous, seal.columns, seal.rows) != seal.digest:
            yield f"{noun}留痕第 {seal.number} 段封条对不上，封条本身被改动。"
        yield from _broken_rows(noun, history, seal, after)
        previous, after, expected = seal.digest, seal.last_id, seal.number + 1


def _broken_rows(noun: str, history: Any, seal: HistorySeal, after: int) -> Iterator[str]:
    columns: Sequence[str] = seal.columns
    if not set(columns) <= set(columns_of(history)):
        yield f"{noun}的表结构已变，第 {seal.number} 段留痕无法逐行核对。"
        return
    place = columns.index("history_id")
    found = history.objects.filter(history_id__gt=after, history_id__lte=seal.last_id)
    now = {line[place]: row_digest(line) for line in found.values_list(*columns)}
    for number, digest in seal.rows:
        kept = now.pop(number, None)
        if kept is None:
            yield f"{noun}第 {number} 号留痕被删除。"
        elif kept != digest:
            yield f"{noun}第 {number} 号留痕被改动。"
    for number in sorted(now):
        yield f"{noun}第 {number} 号留痕是后来插入的。"


def _unrecorded(model: Any) -> Iterator[str]:
    """Rows that do not say what their newest history row says."""
    history = history_of(model)
    recorded = {field.attname for field in history._meta.concrete_fields}
    columns = [field.attname for field in model._meta.concrete_fields if field.attname in recorded]
    pk, noun = model._meta.pk.attname, f"“{model._meta.verbose_name}”"
    rows = model._base_manager.order_by("pk").values_list("pk", *columns)
    chunk: list[Any] = []
    for row in rows.iterator(CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield from _differing(noun, history, pk, columns, chunk)
            chunk = []
    yield from _differing(noun, history, pk, columns, chunk)


def _differing(
    noun: str, history: Any, pk: str, columns: list[str], rows: list[Any]
) -> Iterator[str]:
    keys = [row[0] for row in rows]
    newest = history.objects.filter(**{f"{pk}__in": keys}).order_by().values(pk)
    ids = newest.annotate(newest=Max("history_id")).values("newest")
    said = {
        line[0]: line[1:]
        for line in history.objects.filter(history_id__in=ids)
        .exclude(history_type="-")
        .values_list(pk, *columns)
    }
    for key, *values in rows:
        if key not in said:
            yield f"{noun}第 {key} 号没有留痕：不是由平台写入的。"
        elif canonical(values) != canonical(said[key]):
            changed = [
                name
                for name, a, b in zip(columns, values, said[key], strict=True)
                if canonical([a]) != canonical([b])
            ]
            yield f"{noun}第 {key} 号与最近一次留痕不一致（{'、'.join(changed)}）：被直接改过。"


def _vanished(model: Any) -> Iterator[str]:
    """Rows that are gone although their history does not say so."""
    history, pk = history_of(model), model._meta.pk.attname
    there = model._base_manager.filter(pk=OuterRef(pk))
    last: dict[Any, str] = {}
    gone = history.objects.filter(~Exists(there)).order_by("history_id")
    for key, kind in gone.values_list(pk, "history_type").iterator(CHUNK):
        last[key] = kind
    for key, kind in last.items():
        if kind != "-":
            yield f"“{model._meta.verbose_name}”第 {key} 号不在了，留痕里没有删除记录。"
