"""Give each figure of 上年同期 the period that it is compared with; those so far, their quarter."""

from typing import Any

from django.db import migrations, models

PERIOD = {"max_length": 8, "blank": True, "default": ""}


def name_the_quarter(apps: Any, schema_editor: Any) -> None:
    """Until now a figure counted in the quarter, and so in the year, of the day of its paper."""
    for name in ("EnteredFact", "HistoricalEnteredFact"):
        rows = apps.get_model("assessments", name)._base_manager.filter(kind="accident_base")
        for pk, day in rows.values_list("pk", "happened_on"):
            rows.filter(pk=pk).update(period=f"{day.year:04d}Q{(day.month + 2) // 3}")


class Migration(migrations.Migration):
    dependencies = [("assessments", "0004_veto_period")]

    operations = [
        migrations.AddField("enteredfact", "period", models.CharField("考核期", **PERIOD)),
        migrations.AddField(
            "historicalenteredfact", "period", models.CharField("考核期", **PERIOD)
        ),
        migrations.RunPython(name_the_quarter, migrations.RunPython.noop),
        migrations.AddConstraint(
            "enteredfact",
            models.CheckConstraint(
                name="assessments_fact_period",
                condition=~models.Q(kind="accident_base") | ~models.Q(period=""),
                violation_error_message="上年同期事故起数要选定按哪一个考核期比。",
            ),
        ),
    ]
