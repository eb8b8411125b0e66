from django.apps import AppConfig


class QinnanSafetyConfig(AppConfig):
    name = "qinnan_safety"
    verbose_name = "平台"

    def ready(self) -> None:
        """Register the system checks and make the queue's application the current one."""
        from qinnan_safety import celery, checks  # noqa: F401
