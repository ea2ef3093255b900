"""Entries of this table are never changed and never deleted."""

from django.db import migrations

from accounts.triggers import allow_changes, refuse_changes


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_start")]

    operations = [
        migrations.RunPython(
            refuse_changes("accounts_auditentry"), allow_changes("accounts_auditentry")
        ),
    ]
