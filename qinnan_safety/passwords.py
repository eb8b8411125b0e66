"""What a password must be beyond Django's own rules (等保三级 8.1.4.1)."""

from typing import Any

from django.core.exceptions import ValidationError

KINDS_REQUIRED = 3
CONTEXT_WORDS = (
    "钦南", "安委办", "应急", "安全生产", "qinnan", "qinzhou", "anwei", "anquan", "aqsc", "yingji",
)  # fmt: skip


class LengthValidator:
    """Ask for a length, in Chinese: Django's own sentence has no translation in this release."""

    def __init__(self, min_length: int = 8) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(
                f"密码太短，至少要 {self.min_length} 个字符。", code="password_too_short"
            )

    def get_help_text(self) -> str:
        return f"密码至少要 {self.min_length} 个字符。"


class KindsValidator:
    """Ask for three of the four kinds of characters."""

    def validate(self, password: str, user: Any = None) -> None:
        kinds = (
            any(char.islower() for char in password),
            any(char.isupper() for char in password),
            any(char.isdigit() for char in password),
            any(not char.isalnum() for char in password),
        )
        if sum(kinds) < KINDS_REQUIRED:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return "密码须包含大写字母、小写字母、数字、符号中的至少三类。"


class ContextWordsValidator:
    """Refuse words that anybody in the district would try first."""

    def validate(self, password: str, user: Any = None) -> None:
        lowered = password.lower()
        for word in CONTEXT_WORDS:
            if word in lowered:
                raise ValidationError(
                    f"密码不能包含“{word}”这类容易猜到的词，请换一个。",
                    code="password_context_word",
                )

    def get_help_text(self) -> str:
        return "密码不能包含“钦南”“anwei”这类容易猜到的词。"
