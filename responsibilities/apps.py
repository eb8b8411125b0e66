from django.apps import AppConfig


class ResponsibilitiesConfig(AppConfig):
    name = "responsibilities"
    verbose_name = "责任任务"

    def ready(self) -> None:
        """Tell the reminders which tasks are owed, and which long-term work is to be told of."""
        from notices.facts import register
        from responsibilities import long_term_reminders, reminders

        register(reminders.SOURCE)
        register(long_term_reminders.SOURCE)
