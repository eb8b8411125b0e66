"""The public page of an edition, made of its frozen content: what was closed is not there."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from organizations.enums import AssessmentClass
from qinnan_safety.models import Publication
from qinnan_safety.publication.fields import FIELDS, PLAIN_STATUS
from qinnan_safety.publication.publishing import content_of
from responsibilities.rules import few_units

Row = dict[str, Any]
LEADS_SHOWN = 4  # 更多的写“某某等 19 个单位”，全名在数据里
KIND_OF = {word: kind.value for kind, word in PLAIN_STATUS.items()}
# 页面上的顺序：办好的在前，和图例一致。
SHOWN_ORDER = ("办结", "正常", "快到期", "慢了", "还没开始")


@dataclass(frozen=True)
class Part:
    """One section of the plan with its tasks counted by progress."""

    label: str
    total: int
    counts: Mapping[str, int]

    @property
    def parts(self) -> list[Row]:
        return [
            {"kind": KIND_OF[word], "label": word, "count": self.counts[word]}
            for word in SHOWN_ORDER
        ]

    @property
    def done(self) -> int:
        return self.counts["办结"]

    @property
    def late(self) -> int:
        return self.counts["慢了"]


@dataclass(frozen=True)
class PublicPage:
    """Everything that the page says."""

    edition: Publication
    content: Row

    def has(self, name: str) -> bool:
        return name in self.content["open"]

    @cached_property
    def rows(self) -> list[Row]:
        """Every task, with a blank wherever a column is closed, and its leads in few words."""
        blank = {f.key: "" for f in FIELDS if f.table == "obligations"}
        return [
            {
                **blank,
                "plan": self.content["plan"],
                **row,
                "kind": KIND_OF.get(row.get("status", ""), ""),
                "led": few_units(row.get("leads", "").split("、"), most=LEADS_SHOWN),
            }
            for row in self.content["tables"]["obligations"]
        ]

    @property
    def total(self) -> int:
        return len(self.content["tables"]["obligations"])

    @property
    def with_status(self) -> bool:
        return self.has("obligations.status")

    @property
    def whole(self) -> Part:
        return _part("全部", self.rows)

    @property
    def plans(self) -> list[Part]:
        """The plans, each with its tasks, when there are several."""
        rows = self.rows
        titles = dict.fromkeys(row["plan"] for row in rows)
        if len(titles) < 2:
            return []
        return [_part(title, [r for r in rows if r["plan"] == title]) for title in titles]

    @property
    def sections(self) -> list[Part]:
        """The sections of the one plan; of several plans the names would mix."""
        rows = self.rows
        if not self.has("obligations.section") or self.plans:
            return []
        labels = dict.fromkeys(row["section"] for row in rows)
        return [_part(label, [r for r in rows if r["section"] == label]) for label in labels]

    @property
    def parts(self) -> list[Part]:
        return self.plans or self.sections

    @property
    def units(self) -> list[Row]:
        """The units; one that is gone has handed its tasks on and leads none in the list."""
        blank = {"steps": None, "done": None, "late": None}
        led = {name for row in self.rows for name in row["leads"].split("、")}
        return [
            {**blank, **row, "leads": row["unit"] in led} for row in self.content["tables"]["units"]
        ]

    @property
    def grades(self) -> list[Row]:
        """The grades class by class; where the class is closed, in the order of the register."""
        blank = {"category": "", "grade": "", "period": ""}
        rows = [{**blank, **row} for row in self.content["tables"]["grades"]]
        places = {label: place for place, label in enumerate(AssessmentClass.labels)}
        return sorted(rows, key=lambda row: places.get(row["category"], len(places)))

    @property
    def graded_period(self) -> str:
        return str(self.grades[0]["period"]) if self.grades else ""

    def choices(self, key: str) -> list[str]:
        """What the filter offers for a column: the values in the order of the register."""
        rows = self.rows
        if key == "leads":
            return [row["unit"] for row in self.units if row["leads"]]
        if key == "status":
            return list(SHOWN_ORDER) if self.with_status else []
        values = [value for value in dict.fromkeys(row[key] for row in rows) if value]
        return [] if key == "plan" and len(values) == 1 else values

    def chosen(self, asked: Mapping[str, str]) -> list[Row]:
        """Return the tasks that fit the filter."""
        return [row for row in self.rows if _fits(row, asked)]


def page_of(edition: Publication) -> PublicPage:
    return PublicPage(edition, content_of(edition))


def _part(label: str, rows: list[Row]) -> Part:
    return Part(label, len(rows), Counter(row["status"] for row in rows))


def _fits(row: Row, asked: Mapping[str, str]) -> bool:
    unit = asked.get("leads", "")
    return all(not asked.get(key) or row[key] == asked[key] for key in FILTERS) and (
        not unit or unit in row["leads"].split("、")
    )


FILTERS = ("plan", "section", "clause", "status")
