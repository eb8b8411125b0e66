"""Keep the number of a section as its source writes it; read it back for the plans stored so far.

Headings of another form than 一、 were stored with their number (第一章 总则) and stay as they are.
"""

import re
from typing import Any

from django.db import migrations, models

COUNTED = re.compile(r"\s*([一二三四五六七八九十百]+\s*[、,，])")
LONGEST = 20


def read_labels(apps: Any, schema_editor: Any) -> None:
    sections = apps.get_model("clauses", "Section").objects.select_related("plan")
    for section in sections.iterator():
        found = COUNTED.match(section.plan.source_text[section.start : section.start + LONGEST])
        if found:
            section.label = found[1]
            section.save(update_fields=["label"])


class Migration(migrations.Migration):
    dependencies = [("clauses", "0003_thresholds")]

    operations = [
        migrations.AddField(
            model_name="historicalsection",
            name="label",
            field=models.CharField(blank=True, max_length=20, verbose_name="原编号"),
        ),
        migrations.AddField(
            model_name="section",
            name="label",
            field=models.CharField(blank=True, max_length=20, verbose_name="原编号"),
        ),
        migrations.RunPython(read_labels, migrations.RunPython.noop),
    ]
