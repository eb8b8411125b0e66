"""Forms of units, people and phrases: the shape of what is typed; rules live in the services."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from common.forms import Form
from organizations.enums import AssessmentClass, PostKind, UnitKind
from organizations.models import Appointment, Post, Unit, User
from organizations.services.accounts import Entry, Person
from organizations.services.units import UnitDetails, Validity

USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
BESIDE = "beside"
SECTOR_BREAKS = re.compile(r"[、,，;；\s]+")


class DayInput(forms.DateInput):
    """A browser's own date field."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class OfficeForm(Form):
    """A form of the office: every act gives its reason, every refusal is a full sentence."""

    reason = forms.CharField(
        label="理由", max_length=200, help_text="写入修改记录，如“区委编办〔2019〕3号文”。"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_stale = False
        self.conflicts: list[tuple[str, str, str]] = []
        self.order_fields([name for name in self.fields if name != "reason"])

    def keep_over(self, record: Any, version: int) -> None:
        """After a conflict: list what is stored beside what was typed, and take on its version."""
        for name, bound in self.fields.items():
            if name == "seen" or not hasattr(record, name):
                continue
            stored, typed = getattr(record, name), self.cleaned_data.get(name)
            if stored != typed:
                self.conflicts.append((str(bound.label), said(stored), said(typed)))
        self.carry(seen=version)


def said(value: Any) -> str:
    """Say a stored or typed value in words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value)
    return str(value) if value not in (None, "") else "（空）"


class ReasonForm(OfficeForm):
    """An act that needs nothing but its reason."""


class SeenForm(OfficeForm):
    """A form over a stored record; ``seen`` is the version that was shown."""

    seen = forms.IntegerField(widget=forms.HiddenInput)


class UnitDetailsForm(SeenForm):
    name = forms.CharField(label="单位名称", max_length=60)
    full_name = forms.CharField(label="单位全称", max_length=100, required=False)
    short_name = forms.CharField(label="简称", max_length=20, help_text="台账和清单里用。")
    kind = forms.ChoiceField(label="类别", choices=UnitKind.choices)
    assessment_class = forms.ChoiceField(
        label="考核类别",
        required=False,
        choices=[("", "不参与考核"), *AssessmentClass.choices],
    )
    order = forms.IntegerField(
        label="排列次序", min_value=1, help_text="行文次序，小的在前；名录、台账和通报都按它排。"
    )
    sectors = forms.CharField(
        label="行业领域", required=False, max_length=200, help_text="多个之间用顿号隔开。"
    )
    national_code = forms.CharField(label="统计用区划代码", max_length=12, required=False)
    is_verified = forms.BooleanField(
        label="已核实", required=False, help_text="名称、隶属和职责已与本区文件核对。"
    )
    source_note = forms.CharField(
        label="依据",
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="文件名称和文号；标为已核实的必须填写。",
    )

    def clean_sectors(self) -> list[str]:
        return [part for part in SECTOR_BREAKS.split(self.cleaned_data["sectors"]) if part]

    @property
    def details(self) -> UnitDetails:
        names = UnitDetails.__dataclass_fields__
        return UnitDetails(**{name: self.cleaned_data[name] for name in names})


class NewUnitForm(UnitDetailsForm):
    seen = None  # type: ignore[assignment]
    code = forms.SlugField(
        label="单位代码",
        max_length=32,
        help_text="小写拼音首字母，如 zjj；定了不再改。",
        error_messages={"invalid": "单位代码只用小写字母、数字和连字符。"},
    )
    valid_from = forms.DateField(label="设立日期", required=False, widget=DayInput())
    field_order = ["code"]


class ValidityForm(SeenForm):
    valid_from = forms.DateField(
        label="设立日期", required=False, widget=DayInput(), help_text="一直就有的单位不填。"
    )
    valid_to = forms.DateField(
        label="撤销日期", required=False, widget=DayInput(), help_text="最后一天；仍在运行的不填。"
    )
    successor = forms.ModelChoiceField(
        label="承接单位",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="没有",
        help_text="撤销后由哪个单位接着办。",
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["successor"]
        choices.queryset = Unit.objects.exclude(pk=unit.pk)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "撤销日期不能早于设立日期，请核对。")
        return cleaned

    @property
    def validity(self) -> Validity:
        names = ("valid_from", "valid_to", "successor")
        return Validity(*(self.cleaned_data[name] for name in names))


class PostForm(OfficeForm):
    kind = forms.ChoiceField(
        label="岗位类别", choices=PostKind.choices, help_text="岗位类别决定能看什么、能办什么。"
    )
    title = forms.CharField(
        label="职务名称", max_length=40, help_text="如 局长、分管副局长、办公室主任。"
    )


class PostTitleForm(OfficeForm):
    title = forms.CharField(label="职务名称", max_length=40)


class PersonField(forms.ModelChoiceField):
    """A choice among the people who may hold a post."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj}（{obj.username}）"


class EntryForm(OfficeForm):
    """A form that puts a person into a post; where others hold it, asks who leaves."""

    starts_on = forms.DateField(
        label="任职日期", widget=DayInput(), help_text="从这一天起按新岗位查看和办理。"
    )

    def __init__(self, *args: Any, holders: Iterable[Appointment] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holders = {str(held.pk): held for held in holders}
        if self.holders:
            self.fields["entering"] = self._asked()
            self.order_fields([name for name in self.fields if name != "reason"])

    def _asked(self) -> forms.ChoiceField:
        names = "、".join(str(held.user) for held in self.holders.values())
        choices = [
            (key, f"接任{held.user}，{held.user}前一天离任") for key, held in self.holders.items()
        ]
        return forms.ChoiceField(
            label="岗位上已有人",
            choices=[*choices, (BESIDE, f"并列，和{names}同时在岗")],
            widget=forms.RadioSelect,
            help_text=f"这个岗位现由{names}担任。并列的，各人收到同样的任务和提醒，都能办理。",
            error_messages={
                "required": f"这个岗位现由{names}担任，请选接任还是并列。",
                "invalid_choice": f"岗位上的人刚有变动，现由{names}担任，请重选。",
            },
        )

    @property
    def replaces(self) -> Appointment | None:
        """Whom the person takes over from; nobody on a free post or beside others."""
        return self.holders.get(self.cleaned_data.get("entering", ""))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        day, former = cleaned.get("starts_on"), self.replaces
        if former and former.user == cleaned.get("user"):
            self.add_error("user", f"{former.user}已在这个岗位上，不用接任。")
        if day and former and day <= former.starts_on:
            self.add_error("starts_on", "接任日期要晚于原任人员的任职日期。")
        return cleaned


class AppointmentForm(EntryForm):
    user = PersonField(label="人员", queryset=User.objects.none(), empty_label="请选择")
    field_order = ["user"]

    def __init__(self, *args: Any, post: Post, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = post.unit
        choices: Any = self.fields["user"]
        choices.queryset = User.objects.filter(is_active=True).order_by("full_name", "username")

    def clean_starts_on(self) -> date:
        day: date = self.cleaned_data["starts_on"]
        if not self.unit.is_valid_on(day):
            raise forms.ValidationError(
                f"{self.unit}在这一天不存在，请核对日期或改选承接单位的岗位。"
            )
        return day


class HandOverForm(AppointmentForm):
    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, post=appointment.post, **kwargs)
        self.predecessor = appointment
        self.fields["user"].label = "接任人员"
        self.fields["starts_on"].label = "接任日期"
        self.fields["starts_on"].help_text = "原任人员前一天离任。"
        choices: Any = self.fields["user"]
        choices.queryset = choices.queryset.exclude(pk=appointment.user_id)

    def clean_starts_on(self) -> date:
        day = super().clean_starts_on()
        if day <= self.predecessor.starts_on:
            raise forms.ValidationError("接任日期要晚于原任人员的任职日期。")
        return day


class EndAppointmentForm(OfficeForm):
    last_day = forms.DateField(
        label="免职日期",
        widget=DayInput(),
        help_text="在岗的最后一天，次日起不能再按这个岗位办理。",
    )

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.appointment = appointment

    def clean_last_day(self) -> date:
        day: date = self.cleaned_data["last_day"]
        if day < self.appointment.starts_on:
            raise forms.ValidationError("免职日期不能早于任职日期，请核对。")
        return day


class PasswordField(forms.CharField):
    """A first password; left empty, the platform makes one and shows it once."""

    def __init__(self) -> None:
        super().__init__(
            label="初始密码",
            required=False,
            strip=False,
            max_length=128,
            widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
            help_text="不填则由系统生成，只显示一次。请本人首次登录后修改。",
        )


class AccountForm(EntryForm):
    full_name = forms.CharField(label="姓名", max_length=40)
    username = forms.CharField(
        label="登录名", max_length=30, help_text="小写字母开头，3 至 30 个字母、数字或 . _ -。"
    )
    phone = forms.CharField(label="办公电话", max_length=20, required=False)
    password = PasswordField()
    field_order = ["full_name", "username", "phone", "password", "starts_on"]

    def __init__(self, *args: Any, post: Post | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.post = post
        if post is None:
            del self.fields["starts_on"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"].strip().lower()
        if not USERNAME.fullmatch(username):
            raise forms.ValidationError("登录名用小写字母开头，3 至 30 个字母、数字或 . _ -。")
        return username

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    @property
    def person(self) -> Person:
        cleaned = self.cleaned_data
        return Person(cleaned["username"], cleaned["full_name"], cleaned["phone"])

    @property
    def entry(self) -> Entry | None:
        if self.post is None:
            return None
        return Entry(self.post, self.cleaned_data["starts_on"], self.replaces)


class PersonForm(SeenForm):
    full_name = forms.CharField(label="姓名", max_length=40)
    phone = forms.CharField(label="办公电话", max_length=20, required=False)


class PasswordForm(OfficeForm):
    password = PasswordField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].label = "新密码"

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password, self.user)
        return password


class AliasForm(SeenForm):
    note = forms.CharField(
        label="认定依据",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="为什么这个称谓指这些单位。",
    )


class NewAliasForm(OfficeForm):
    phrase = forms.CharField(label="称谓", max_length=60, help_text="与条文原文一字不差。")
    note = AliasForm.base_fields["note"]


class MemberDatesForm(OfficeForm):
    valid_from = forms.DateField(
        label="起", required=False, widget=DayInput(), help_text="从方案印发起就算的不填。"
    )
    valid_to = forms.DateField(
        label="止", required=False, widget=DayInput(), help_text="最后一天；一直算的不填。"
    )


class MemberForm(MemberDatesForm):
    unit = forms.ModelChoiceField(label="单位", queryset=Unit.objects.none(), empty_label="请选择")
    field_order = ["unit"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["unit"]
        choices.queryset = Unit.objects.all()
