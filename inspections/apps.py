from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "检查与隐患"

    def ready(self) -> None:
        """Tell the ledger where the tasks are worked on that inspections fulfil, and the
        reminders what heads have to confirm and which hazards are due; ask the check-up for what
        was found and is not followed."""
        from inspections.reminders import SOURCES, waiting_for_heads
        from inspections.unfollowed import unfollowed_check
        from notices.facts import register
        from responsibilities.enums import FulfilledBy
        from responsibilities.fulfilment import Way, register_way
        from responsibilities.pages.checkup import register_check

        way = Way(
            label="填报带队检查",
            address="inspections:inspection_matrix",
            refusal="这件任务由主要负责人带队检查、确认后自动办结，不用报进展。",
            ask="请带队检查并确认。",
            in_other_hands=waiting_for_heads,
            ask_head="联络员已填好，请您确认。",
            ask_late="期内带队检查过的，请补报并确认。",
            for_heads=True,
        )
        register_way(FulfilledBy.INSPECTION, way)
        register_check("unfollowed", unfollowed_check)
        for source in SOURCES:
            register(source)
