"""The equality questions that the portal comes with (EQ-01 to EQ-04)."""

import json
from pathlib import Path

from django.db import migrations
from django.utils import timezone

from consultations.analysis import codes
from consultations.questionnaire.document import load

HERE = Path(__file__).resolve().parent.parent
SET = HERE / "questionnaire" / "equality" / "census_2021_v1.json"


def add(apps, schema_editor):
    EqualitySet = apps.get_model("consultations", "EqualitySet")
    data = json.loads(SET.read_text(encoding="utf-8"))
    slots = codes.as_stored(codes.slot_map(load(data["document"])))
    EqualitySet.objects.using(schema_editor.connection.alias).get_or_create(
        code=data["code"],
        version=data["version"],
        defaults={
            "title": data["title"],
            "source": data["source"],
            "document": data["document"],
            "slots": slots,
            "published_at": timezone.now(),
        },
    )


def remove(apps, schema_editor):
    EqualitySet = apps.get_model("consultations", "EqualitySet")
    sets = EqualitySet.objects.using(schema_editor.connection.alias)
    sets.filter(code="census-2021", version=1).delete()


class Migration(migrations.Migration):
    dependencies = [("consultations", "0002_append_only")]

    operations = [migrations.RunPython(add, remove)]
