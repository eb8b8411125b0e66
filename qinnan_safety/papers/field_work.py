"""What a bulletin says of the quarter's inspections and hazards, as of a day of the quarter.

Source: 方案（四）主要负责人每季度至少带队检查1次，（二十）（二十一）隐患排查治理。
"""

from dataclasses import dataclass
from datetime import date

from inspections.facts import QuarterFacts, hazard_facts, quarter_facts
from inspections.models import Hazard
from inspections.models.hazard import OVER
from organizations.models import Unit
from organizations.succession import heirs_on
from responsibilities.as_of import as_it_was, records
from responsibilities.periods import Period


@dataclass(frozen=True)
class FieldWork:
    """Units that owed an inspection led by their head, and hazards, counted up to the day.

    ``missing`` names the units, in official order, with fewer confirmed inspections than owed.
    """

    owing: int
    missing: tuple[str, ...]
    found: int
    due: int
    closed_in_time: int

    @property
    def figures(self) -> dict[str, str]:
        """The figures by the names under which the text calls them."""
        return {
            "应带队检查单位数": str(self.owing),
            "已带队检查单位数": str(self.owing - len(self.missing)),
            "未带队检查单位": "、".join(self.missing) or "无",
            "登记隐患数": str(self.found),
            "到期隐患数": str(self.due),
            "按期销号隐患数": str(self.closed_in_time),
        }

    @property
    def sentences(self) -> list[str]:
        """What is said of them; nothing where there is nothing to say."""
        said = []
        if self.owing:
            said.append(
                "本季度应由主要负责人带队检查的单位【应带队检查单位数】个，"
                "截至【截止日】已确认【已带队检查单位数】个。"
            )
        if self.found or self.due:
            said.append(
                "本季度登记隐患【登记隐患数】处；治理到期【到期隐患数】处，"
                "按期销号【按期销号隐患数】处。"
            )
        return said


def read_field_work(period: Period, day: date) -> FieldWork:
    """Read the records up to ``day``: what was confirmed or closed later does not count."""
    quarters = quarter_facts([period.code], today=day)
    owing = {unit: facts for (unit, _), facts in quarters.items() if facts.expected}
    short = [unit for unit, facts in owing.items() if not _is_done(facts, day)]
    units = Unit.objects.filter(pk__in=short).order_by("order", "pk")
    hazards = hazard_facts(period.first_day, min(period.last_day, day), today=day).values()
    return FieldWork(
        owing=len(owing),
        missing=tuple(units.values_list("short_name", flat=True)),
        found=sum(facts.found for facts in hazards),
        due=sum(facts.due for facts in hazards),
        closed_in_time=sum(facts.closed_in_time for facts in hazards),
    )


def _is_done(facts: QuarterFacts, day: date) -> bool:
    return all(
        sum(confirmed <= day for confirmed in part.confirmed_on) >= part.required
        for part in facts.parts
    )


def late_hazards(day: date) -> dict[int, list[Hazard]]:
    """Return unit → its hazards that were open past their date at the end of ``day``, the longest
    late first; a unit that took over another answers for its hazards."""
    heirs = heirs_on(day)
    late: dict[int, list[Hazard]] = {}
    found = as_it_was(Hazard, day).filter(due_on__lt=day).exclude(stage__in=OVER)
    for hazard in records(found.order_by("due_on", "id")):
        late.setdefault(heirs[hazard.unit_id], []).append(hazard)
    return late
