from django.db import migrations


def fill(apps, schema_editor):
    """Take the council's code of each ward from the postcodes that are loaded."""
    ward_of, postcode_of = (
        apps.get_model("wards", name) for name in ("Ward", "Postcode")
    )
    known = (
        postcode_of.objects.exclude(area_code="")
        .filter(ward_code__in=ward_of.objects.values("code"))
        .order_by("ward_code", "area_code")
        .values_list("ward_code", "area_code")
        .distinct()
    )
    for ward_code, area_code in known:
        ward_of.objects.filter(code=ward_code).update(area_code=area_code)


class Migration(migrations.Migration):
    dependencies = [("wards", "0002_ward_area_code")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
