"""Entries of this table are never changed and never deleted."""

from django.db import migrations

from accounts.triggers import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("consultations", "0001_start")]

    operations = [
        migrations.RunPython(
            refuse_changes("consultations_release"),
            allow_changes("consultations_release"),
        ),
    ]
