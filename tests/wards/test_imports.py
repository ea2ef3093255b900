"""Loading wards and postcodes from files of any council."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from wards.actions import import_postcodes, import_wards
from wards.boundaries import UnreadableFile, read_wards
from wards.models import Postcode, Ward, WardSet
from wards.postcode_file import read_postcodes
from wards.reports import ImportReport

SQUARE = [[[-1.0, 52.0], [-1.0, 52.1], [-0.9, 52.1], [-1.0, 52.0]]]


def wards_file(*wards, **geometry):
    features = [
        {
            "type": "Feature",
            "properties": properties,
            "geometry": geometry or {"type": "Polygon", "coordinates": SQUARE},
        }
        for properties in wards
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("properties", "from_day"),
    [
        ({"WD25CD": "E05010458", "WD25NM": "Abbey"}, date(2025, 5, 1)),
        ({"WD13CD": "E05010458", "WD13NM": "Abbey"}, date(2013, 5, 1)),
        ({"wd24cd": "E05010458", "wd24nm": "Abbey"}, date(2024, 5, 1)),
    ],
)
def test_wards_of_any_year_are_loaded_from_may_of_that_year(properties, from_day):
    report = import_wards(wards_file(properties), by=None)

    assert report.bad == []
    assert WardSet.objects.get().in_force_from == from_day
    assert Ward.objects.get().name == "Abbey"


@pytest.mark.django_db
def test_wards_of_another_source_are_loaded_from_the_day_that_is_given():
    text = wards_file(
        {"area_code": "W05000981", "area_name": "St Mary's & Llan-y-pwll"},
        {"area_code": "W05000982", "area_name": "St. Marys Llan y pwll"},
    )

    report = import_wards(text, by=None, in_force_from=date(2027, 5, 6))

    assert report.counts["wards added"] == 2
    first, second = Ward.objects.order_by("code")
    assert first.name == "St Mary's & Llan-y-pwll"
    assert first.slug == "st-marys-llan-y-pwll"
    assert second.slug != first.slug


@pytest.mark.django_db
def test_loading_the_same_wards_twice_changes_nothing():
    text = wards_file({"WD25CD": "E05010458", "WD25NM": "Abbey"})
    import_wards(text, by=None)
    before = list(Ward.objects.values())

    report = import_wards(text, by=None)

    assert report.counts == {"wards read": 1, "wards unchanged": 1, "wards added": 0}
    assert list(Ward.objects.values()) == before


@pytest.mark.django_db
def test_one_bad_ward_keeps_all_of_them_out_and_each_is_named():
    text = wards_file(
        {"WD25CD": "E05010458", "WD25NM": "Abbey"},
        {"WD25CD": "", "WD25NM": "No code"},
        {"WD25CD": "E05010459", "WD25NM": " "},
        {"WD25CD": "E05010458", "WD25NM": "Twice"},
    )

    report = import_wards(text, by=None)

    assert report.bad == [
        "feature 2 (No code): no ward code was found under any known key",
        "feature 3 (E05010459): no ward name was found under any known key",
        "feature 4 (E05010458): this code stands in the file twice",
    ]
    assert not WardSet.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": [[[458106, 307312]] * 4]},
        {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": "nonsense"},
        {"type": "MultiPolygon", "coordinates": [[]]},
    ],
)
def test_an_outline_that_is_no_outline_is_refused(geometry):
    report = import_wards(
        wards_file({"WD25CD": "E05010458", "WD25NM": "Abbey"}, **geometry), by=None
    )

    assert "the outline is not" in report.bad[0]
    assert not Ward.objects.exists()


@pytest.mark.django_db
def test_a_dry_run_reports_and_changes_nothing():
    text = wards_file({"WD25CD": "E05010458", "WD25NM": "Abbey"})

    report = import_wards(text, by=None, dry_run=True)

    assert report.counts["wards added"] == 1
    assert not WardSet.objects.exists()


@given(text=st.text() | st.binary().map(lambda b: b.decode("latin-1")))
def test_a_file_of_another_kind_is_refused_with_a_sentence(text):
    with pytest.raises(UnreadableFile):
        read_wards(text, ImportReport())


@pytest.mark.django_db
def test_postcodes_of_any_spelling_are_loaded_and_replaced():
    import_postcodes("pcds,ward_code\nLE1 1AA,E05010458\n", by=None)

    report = import_postcodes(
        "\ufeff"[1:]
        + "PCD7,OSWARD,DOTERM\nle11aa,E05010460,202401\n\nLE1 1AB,E05010459,\n",
        by=None,
    )

    assert report.counts["postcodes changed"] == 1
    assert report.counts["postcodes added"] == 1
    assert Postcode.objects.get(code="LE11AA").ward_code == "E05010460"
    assert Postcode.objects.get(code="LE11AA").terminated


@pytest.mark.django_db
def test_one_bad_postcode_keeps_all_of_them_out_and_each_is_named():
    text = "pcds,ward_code\nLE1 1AA,E05010458\nnonsense,E05010458\nLE1 1AB,\n"

    report = import_postcodes(text, by=None)

    assert report.bad == [
        "line 3: 'nonsense' is not a full UK postcode",
        "line 4: LE1 1AB has no ward code",
    ]
    assert not Postcode.objects.exists()


def test_a_file_without_the_columns_is_refused_with_their_names():
    with pytest.raises(UnreadableFile, match="pcds or postcode"):
        read_postcodes("a,b\n1,2\n", ImportReport())


@pytest.mark.django_db
def test_the_commands_say_what_is_wrong_and_end_with_an_error(tmp_path, capsys):
    binary = tmp_path / "photo.geojson"
    binary.write_bytes(b"\x89PNG\x00\x01")

    with pytest.raises(CommandError, match="not a text file"):
        call_command("import_wards", str(binary))
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_postcodes", str(tmp_path / "nowhere.csv"))


DATA = os.environ.get("PORTAL_DATA", "")

if DATA:

    @pytest.mark.django_db
    def test_the_real_files_of_leicester_are_loaded():
        folder = Path(DATA)
        for name in ("leicester_wards_may2025", "leicester_wards_pre2015"):
            call_command("import_wards", str(folder / "wards" / f"{name}.geojson"))
        call_command(
            "import_postcodes", str(folder / "postcodes/leicester_postcode_ward.csv")
        )

        new, old = WardSet.objects.all()
        assert (new.wards.count(), old.wards.count()) == (21, 22)
        assert set(new.wards.values_list("code", flat=True)) == {
            f"E0501{n:04}" for n in range(458, 479)
        }
        assert Postcode.objects.count() == 9533
        castle = Postcode.objects.get(code="LE11AA")
        assert castle.ward_code == "E05010463"
