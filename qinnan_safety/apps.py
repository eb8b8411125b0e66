from django.apps import AppConfig


class QinnanSafetyConfig(AppConfig):
    name = "qinnan_safety"
    verbose_name = "平台"

    def ready(self) -> None:
        """Register checks and the queue's application; stamp every session at its beginning;
        tell the documents what can be drafted, and the reminders how a 督办单 is."""
        from django.contrib.auth.signals import user_logged_in

        from notices.orders import register_drafter
        from qinnan_safety import celery, checks  # noqa: F401
        from qinnan_safety.middleware import stamp_session
        from qinnan_safety.papers.registry import register_kinds
        from qinnan_safety.papers.slips import draft_slip

        user_logged_in.connect(stamp_session, dispatch_uid="stamp_session")
        register_kinds()
        register_drafter(draft_slip)
