from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = "责任任务"

    def ready(self) -> None:
        """Tell the reminders which tasks are owed."""
        from notices.facts import register
        from responsibilities.reminders import SOURCE

        register(SOURCE)
