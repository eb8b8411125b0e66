"""What forms share: words for a wrong field, and two texts of one field side by side."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict

# 栏目没有自己的说法时用；{} 是栏目名，%(…)s 由校验给出。
EVERY_FIELD = {
    "required": "“{}”不能空着，请填写。",
    "invalid": "“{}”填得不对，请核对。",
    "max_length": "“{}”不能超过 %(limit_value)d 个字，现在有 %(show_value)d 个字。",
    "min_length": "“{}”不能少于 %(limit_value)d 个字，现在有 %(show_value)d 个字。",
    "max_value": "“{}”不能大于 %(limit_value)s。",
    "min_value": "“{}”不能小于 %(limit_value)s。",
    "max_digits": "“{}”的数字太长，请核对。",
    "max_whole_digits": "“{}”的数字太大，请核对。",
    "max_decimal_places": "“{}”最多 %(max)s 位小数。",
    "null_characters_not_allowed": "“{}”里有看不见的字符，请删去后重新填写。",
}
CHOICE = {
    "required": "“{}”还没有选，请选择。",
    "invalid_choice": "“{}”不在列表中，请重新选择。",
    "invalid_list": "“{}”不在列表中，请重新选择。",
    "invalid_pk_value": "“{}”不在列表中，请重新选择。",
}
BY_KIND: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (forms.ChoiceField, CHOICE),
    (forms.DateField, {"invalid": "“{}”应是日期，如 2019-09-18。"}),
    (forms.IntegerField, {"invalid": "“{}”应是整数。"}),
    (forms.DecimalField, {"invalid": "“{}”应是数字。"}),
    (forms.FileField, {"required": "“{}”还没有选，请选择文件。", "empty": "“{}”是空的，请核对。"}),
)
HIDDEN = "提交的内容不全，请刷新页面后再试。"


class WordedMixin:
    """Messages in our own words for every field that brings none of its own."""

    fields: dict[str, forms.Field]
    data: Any

    def full_clean(self) -> None:
        for name, field in self.fields.items():
            word_errors(field, str(field.label or name))
        super().full_clean()  # type: ignore[misc]

    def carry(self, **stamps: object) -> None:
        """Bind the next press to what the page shows now; all else that was typed stays."""
        data = MultiValueDict(self.data)
        for name, stamp in stamps.items():
            data[self.add_prefix(name)] = str(stamp)  # type: ignore[attr-defined]
        self.data = data


class Form(WordedMixin, forms.Form):
    """The form that all forms of the platform are made of."""


def word_errors(field: forms.Field, label: str) -> None:
    """Put our words where the field still has those of the framework."""
    stock: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        stock |= getattr(cls, "default_error_messages", {})
    words = dict(EVERY_FIELD)
    for kind, more in BY_KIND:
        if isinstance(field, kind):
            words |= more
    for code, text in words.items():
        if str(field.error_messages.get(code, "")) == str(stock.get(code, "")):
            said = HIDDEN if field.widget.is_hidden else text.replace("{}", label)
            field.error_messages[code] = said


@dataclass(frozen=True)
class Compared:
    """One field as it is stored now and as the person typed it."""

    label: str
    stored: str
    typed: str

    @property
    def differs(self) -> bool:
        return self.stored != self.typed
