"""The form that gives a row its units: one role each, by name or by a phrase of the text."""

from dataclasses import dataclass
from typing import Any

from django import forms

from common.forms import Compared
from organizations.enums import TERRITORIAL_KINDS, UnitKind
from organizations.models import Unit, UnitAlias
from responsibilities.enums import AssignmentRole, FulfilmentMode
from responsibilities.forms.obligation import RowForm
from responsibilities.models import Assignment
from responsibilities.pages.unit_choices import unit_choices
from responsibilities.services.assigning import UnitRoles

LEFT_OUT = "out"
ROLES = [("", "无"), *AssignmentRole.choices]
# 随称谓列入的单位，可以单独除外。
ROLES_COVERED = [("", "随称谓"), *AssignmentRole.choices, (LEFT_OUT, "除外")]
Named = list[tuple[Unit, UnitAlias | None]]

KIND_GROUPS: tuple[tuple[str, frozenset[UnitKind]], ...] = (
    ("镇（场、街道）", frozenset(TERRITORIAL_KINDS)),
    ("政府部门", frozenset({UnitKind.DEPARTMENT})),
    ("党委部门、群团组织", frozenset({UnitKind.PARTY_ORGAN, UnitKind.MASS_ORGANISATION})),
    ("安委会及其办公室", frozenset({UnitKind.COMMITTEE, UnitKind.COMMITTEE_OFFICE})),
    ("功能区", frozenset({UnitKind.ZONE})),
    ("监督协同机关（只作联系）", frozenset({UnitKind.SUPERVISORY_BODY})),
)


@dataclass(frozen=True)
class Line:
    """One unit or phrase in the table of roles."""

    label: str
    note: str
    bound: forms.BoundField


@dataclass(frozen=True)
class LineGroup:
    """Lines under one heading, opened when any of them has a role."""

    label: str
    lines: tuple[Line, ...]

    @property
    def chosen(self) -> int:
        return sum(bool(line.bound.value()) for line in self.lines)


class UnitsForm(RowForm):
    """明确责任单位：落实方式，牵头、配合、督办单位。"""

    mode = forms.ChoiceField(
        label="落实方式",
        choices=FulfilmentMode.choices,
        widget=forms.RadioSelect,
        help_text="共同完成的只有一个牵头单位，由它报送；分别落实的，每个牵头单位各办一份。",
    )
    extra_phrase = forms.ChoiceField(
        label="再加一个称谓",
        required=False,
        help_text="条文里的一个说法，列入它今天所指的全部单位。",
    )
    extra_role = forms.ChoiceField(
        label="作为", required=False, choices=[("", "请选择"), *AssignmentRole.choices]
    )

    def stored(self) -> dict[str, Any]:
        return {"mode": self.row.mode}

    def build(self) -> None:
        chosen_from = unit_choices(self.today)
        self.units, self.aliases = chosen_from.units, chosen_from.aliases
        self.members = chosen_from.members
        self.held = list(self.row.assignments.select_related("unit", "alias"))
        self.gone = [item.unit for item in self.held if item.unit_id not in self.units]
        by_unit = {item.unit_id: item for item in self.held}
        whole = self._whole_phrases(by_unit)
        covered = {pk for alias in whole for pk in self.members.get(alias, [])}
        for alias, role in whole.items():
            self.fields[f"phrase_{alias}"] = _radio(str(self.aliases[alias]), ROLES, role)
        for pk, unit in self.units.items():
            item = by_unit.get(pk)
            follows = item is not None and item.alias_id in whole
            role = item.role if item is not None and not follows else ""
            choices = ROLES_COVERED if pk in covered else ROLES
            self.fields[f"unit_{pk}"] = _radio(unit.name, choices, role)
        self.fields["extra_phrase"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"),
            *(
                (str(pk), f"{alias.phrase}（{len(self.members.get(pk, []))} 个单位）")
                for pk, alias in self.aliases.items()
                if pk not in whole
            ),
        ]

    def _whole_phrases(self, by_unit: dict[int, Assignment]) -> dict[int, str]:
        """Return phrase → role for those of which every unit of today is on the row."""
        roles: dict[int, str] = {}
        for item in self.held:
            if item.alias_id is not None:
                roles.setdefault(item.alias_id, item.role)
        return {
            alias: role
            for alias, role in roles.items()
            if self.members.get(alias) and set(self.members[alias]) <= by_unit.keys()
        }

    @property
    def groups(self) -> list[LineGroup]:
        """The phrases in use, then the units by sort, for the table of roles."""
        phrases = tuple(
            Line(str(bound.label), f"{len(self.members[int(bound.name[7:])])} 个单位", bound)
            for bound in self
            if bound.name.startswith("phrase_")
        )
        groups = [LineGroup("条文称谓", phrases)] if phrases else []
        for label, kinds in KIND_GROUPS:
            units = [unit for unit in self.units.values() if unit.kind in kinds]
            lines = tuple(
                Line(unit.name, "" if unit.is_verified else "待核实", self[f"unit_{unit.pk}"])
                for unit in units
            )
            groups.append(LineGroup(label, lines))
        return [group for group in groups if group.lines]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        phrase, role = cleaned.get("extra_phrase"), cleaned.get("extra_role")
        if phrase and not role:
            self.add_error("extra_role", "请选定这个称谓是牵头、配合还是督办。")
        if role and not phrase:
            self.add_error("extra_phrase", "请选定一个称谓，或把角色改回“请选择”。")
        return cleaned

    def roles(self) -> UnitRoles:
        """Return the units by role; a unit's own choice stands before that of a phrase."""
        named: dict[str, Named] = {role.value: [] for role in AssignmentRole}
        own = {pk: self.cleaned_data.get(f"unit_{pk}", "") for pk in self.units}
        for pk, role in own.items():
            if role and role != LEFT_OUT:
                named[role].append((self.units[pk], None))
        for alias, role in self._phrases(self.cleaned_data):
            members = self.members.get(alias, [])
            named[role] += [(self.units[pk], self.aliases[alias]) for pk in members if not own[pk]]
        return UnitRoles(
            mode=FulfilmentMode(self.cleaned_data["mode"]),
            leads=named[AssignmentRole.LEAD],
            assists=named[AssignmentRole.ASSIST],
            supervisors=named[AssignmentRole.SUPERVISE],
        )

    def _phrases(self, chosen: dict[str, Any]) -> list[tuple[int, str]]:
        pairs = [
            (int(name[7:]), role)
            for name, role in chosen.items()
            if name.startswith("phrase_") and role
        ]
        if chosen.get("extra_phrase") and chosen.get("extra_role"):
            pairs.append((int(chosen["extra_phrase"]), chosen["extra_role"]))
        return pairs

    def compared(self) -> list[Compared]:
        """Compare by role: the names of units are what a person can check."""
        typed = self._typed()
        stored = {
            role: [item.unit.name for item in self.held if item.role == role]
            for role in AssignmentRole
        }
        mode = next(pair for pair in super().compared() if pair.label == "落实方式")
        return [
            mode,
            *(
                Compared(role.label, "、".join(stored[role]), "、".join(typed[role]))
                for role in AssignmentRole
            ),
        ]

    def _typed(self) -> dict[AssignmentRole, list[str]]:
        if not self.is_valid():
            return {role: [] for role in AssignmentRole}
        named: dict[AssignmentRole, list[Unit]] = {role: [] for role in AssignmentRole}
        for unit, role, _ in self.roles().rows().values():
            named[role].append(unit)
        return {
            role: [unit.name for unit in sorted(units, key=lambda unit: unit.order)]
            for role, units in named.items()
        }


def _radio(label: str, choices: list[tuple[str, str]], initial: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, initial=initial, required=False, widget=forms.RadioSelect
    )
