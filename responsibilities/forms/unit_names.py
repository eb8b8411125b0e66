"""A field that takes units by name, 区住建局、区应急局, or by a phrase of the text for many."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from common.errors import DomainError
from responsibilities.unit_names import Pair, UnitNames, split_names


class UnitNamesField(forms.CharField):
    """Returns (unit, phrase) pairs, each unit once; an unknown name is an error that names it."""

    names: UnitNames

    def clean(self, value: Any) -> list[Pair]:
        text = super().clean(value)
        unknown = [name for name in split_names(text) if self.names.is_strange(name)]
        if unknown:
            raise ValidationError(
                f"没有找到单位“{'、'.join(unknown)}”，请填写现有单位的名称、简称或条文称谓。"
            )
        try:
            return self.names.resolve(text)
        except DomainError as error:
            raise ValidationError(error.message) from error
