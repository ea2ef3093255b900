from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wards", "0001_start")]

    operations = [
        migrations.AddField(
            model_name="ward",
            name="area_code",
            field=models.CharField(
                blank=True, max_length=20, verbose_name="council's code"
            ),
        ),
    ]
