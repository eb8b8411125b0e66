"""Give each decision of 一票否决 the period that it judges; those so far judged their quarter."""

from typing import Any

from django.db import migrations, models


def name_the_quarter(apps: Any, schema_editor: Any) -> None:
    """Until now a decision counted in the quarter, and so in the year, of the day it was made."""
    for name in ("VetoDecision", "HistoricalVetoDecision"):
        rows = apps.get_model("assessments", name)._base_manager
        for pk, day in rows.values_list("pk", "decided_on"):
            rows.filter(pk=pk).update(period=f"{day.year:04d}Q{(day.month + 2) // 3}")


def _period(**options: Any) -> "models.CharField[Any, Any]":
    return models.CharField("考核期", max_length=8, **options)


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_year_after_its_quarters")]

    operations = [
        migrations.AddField("vetodecision", "period", _period(default="")),
        migrations.AddField("historicalvetodecision", "period", _period(default="")),
        migrations.RunPython(name_the_quarter, migrations.RunPython.noop),
        migrations.AlterField("vetodecision", "period", _period()),
        migrations.AlterField("historicalvetodecision", "period", _period()),
        migrations.AddConstraint(
            "vetodecision",
            models.CheckConstraint(
                name="assessments_veto_period",
                condition=~models.Q(period=""),
                violation_error_message="一票否决要写明针对哪一个考核期。",
            ),
        ),
    ]
