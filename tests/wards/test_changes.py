"""When boundaries change: what was said of a ward is found from the ward it became."""

import importlib
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.apps import apps as django_apps
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts import ActionRefused
from accounts.models import AuditEntry
from accounts.roles import RoleKind
from consultations.responses.forms import page_form
from tests import factories
from tests.factories import make_published_consultation, make_user, make_ward
from wards import terms
from wards.actions import import_postcodes, import_wards
from wards.lines import line
from wards.models import Councillor, Postcode, Successor, Ward, WardSet
from wards.postcodes import place_of
from wards.successors import Following, read_following

pytestmark = pytest.mark.django_db

SQUARE = [[[-1.0, 52.0], [-1.0, 52.1], [-0.9, 52.1], [-1.0, 52.0]]]
CHANGE = date(2026, 11, 1)
FILL = importlib.import_module("wards.migrations.0003_fill_area_codes")


def wards_file(**names):
    """A GeoJSON text of wards by code."""
    features = [
        {
            "type": "Feature",
            "properties": {"ward_code": code, "ward_name": name},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        }
        for code, name in names.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def change_to(*following, **names):
    """Load a set of wards that is in force from the day of the change."""
    return import_wards(
        wards_file(**names),
        by=None,
        in_force_from=CHANGE,
        successors=[read_following(text) for text in following],
    )


def titles(client, path):
    html = client.get(path).content.decode()
    return [
        title
        for title in ("About Larkfield", "About Castlegate", "About the lot")
        if title in html
    ]


@pytest.fixture(autouse=True)
def _after_the_change():
    with time_machine.travel("2026-11-22 10:00+00:00", tick=False):
        yield


@pytest.fixture
def larkfield():
    return make_ward(code="E1", name="Larkfield", slug="larkfield")


@pytest.fixture
def castlegate(larkfield):
    return make_ward(code="E2", name="Castlegate", slug="castlegate")


@pytest.fixture
def asked(larkfield, castlegate):
    """Three open consultations: one for each ward and one for all."""
    rows = []
    for ward in (larkfield, castlegate):
        row = make_published_consultation(title=f"About {ward}", all_wards=False)
        row.wards.add(ward)
        rows.append(row)
    return [*rows, make_published_consultation(title="About the lot")]


# Which ward became which ------------------------------------------------------------


def test_the_same_wards_in_a_new_set_follow_themselves(larkfield, castlegate):
    report = change_to(E1="Larkfield", E2="Castlegate")

    assert report.counts["successors named"] == 2
    assert not [note for note in report.notes if "successor" in note]
    pairs = Successor.objects.values_list("earlier__code", "later__code", "share")
    assert set(pairs) == {("E1", "E1", 1), ("E2", "E2", 1)}
    assert set(Ward.objects.line_of([larkfield])) == set(Ward.objects.filter(code="E1"))


def test_a_ward_with_a_new_code_follows_the_one_of_its_name(larkfield, castlegate):
    report = change_to(E8="LARKFIELD", E9="Castle and Quay")

    pairs = Successor.objects.values_list("earlier__code", "later__code")
    assert list(pairs) == [("E1", "E8")]
    assert [note for note in report.notes if "successor" in note] == [
        "E2 Castlegate has no successor in “Wards of November 2026”: "
        "name it with --successor E2=CODE when you load that set"
    ]


def test_a_person_names_what_no_file_tells(larkfield, castlegate):
    """Also for a ward whose name would say otherwise, and again at any later time."""
    change_to(E8="Larkfield", E9="Quays")

    report = change_to("E1=E8:0.6", "E1=E9:0.4", "E2=E9", E8="Larkfield", E9="Quays")
    again = change_to("E2=E9", E8="Larkfield", E9="Quays")

    pairs = Successor.objects.values_list("earlier__code", "later__code", "share")
    assert set(pairs) == {
        ("E1", "E8", Decimal("0.6")),
        ("E1", "E9", Decimal("0.4")),
        ("E2", "E9", 1),
    }
    assert report.counts["successors named"] == 3
    assert "successors named" not in again.counts
    assert AuditEntry.objects.filter(action="wards.imported").count() == 2


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("E7=E8", "E7 is not in the set before this one"),
        ("E1=E7", "E7 is not in this set"),
        ("E1=E9:0.9", "the shares of its successors come to more than 1"),
    ],
)
def test_a_wrong_successor_keeps_everything_out(larkfield, named, sentence):
    report = change_to(named, "E1=E8:0.5", E8="North", E9="South")

    assert sentence in report.bad[0]
    assert not Successor.objects.exists()
    assert WardSet.objects.count() == 1


def test_a_successor_in_the_first_set_of_all_is_refused():
    report = change_to("E1=E8", E8="North")

    assert report.bad == ["E1=E8: no earlier set is loaded"]
    assert not WardSet.objects.exists()


@pytest.mark.parametrize("text", ["E1", "=E2", "E1=", "E1=E2:0", "E1=E2:2", "E1=E2:x"])
def test_the_command_says_how_a_successor_is_written(text, tmp_path):
    path = tmp_path / "wards.geojson"
    path.write_text(wards_file(E2="North"))

    with pytest.raises(CommandError, match="is not"):
        call_command("import_wards", str(path), "--successor", text)

    assert not WardSet.objects.exists()


def test_the_command_takes_successors(larkfield, tmp_path, capsys):
    path = tmp_path / "wards.geojson"
    path.write_text(wards_file(E8="North", E9="South"))
    command = ["import_wards", str(path), "--from", "2026-11-01"]

    call_command(*command, "--successor", "E1=E8:.5", "--successor", "E1=E9:.5")

    assert "successors named" in capsys.readouterr().out
    assert Successor.objects.count() == 2


def test_an_older_set_that_comes_later_is_linked_too(larkfield):
    import_wards(wards_file(E1="Larkfield"), by=None, in_force_from=date(2013, 5, 1))

    pair = Successor.objects.get()

    assert pair.later == larkfield
    assert pair.earlier.ward_set.in_force_from == date(2013, 5, 1)


def test_loading_a_set_again_changes_no_successor(larkfield, castlegate):
    change_to(E1="Larkfield", E8="Castlegate")
    before = list(Successor.objects.values())

    report = change_to(E1="Larkfield", E8="Castlegate")

    assert "successors named" not in report.counts
    assert list(Successor.objects.values()) == before


def test_a_ward_split_off_is_not_of_the_line_of_its_neighbour():
    rows = [(1, "A", None), (2, "B", 1), (3, "C", 1), (4, "C", None), (4, "C", 2)]

    assert line([1], rows) == {1, 2, 3, 4}
    assert line([2], rows) == {1, 2, 4}
    assert line([3], rows) == {1, 3, 4}
    assert line([4], rows) == {1, 2, 3, 4}
    assert line([], rows) == set()


@given(
    st.lists(
        st.tuples(
            st.integers(1, 9), st.sampled_from("ABC"), st.none() | st.integers(1, 9)
        ),
        max_size=30,
    )
)
def test_whatever_follows_whatever_a_line_ends_and_holds_its_ward(rows):
    assert 1 in line([1], rows)


# What is asked of a ward ------------------------------------------------------------


def test_the_same_wards_in_a_new_set_keep_their_consultations(client, asked):
    before = titles(client, "/wards/larkfield/")

    change_to(E1="Larkfield", E2="Castlegate")

    assert before == ["About Larkfield", "About the lot"]
    assert titles(client, "/wards/larkfield/") == before
    assert titles(client, "/consultations/?ward=larkfield") == before


def test_each_ward_of_a_split_shows_what_was_asked_of_the_whole(client, asked):
    change_to("E1=E8:0.5", "E1=E9:0.5", E8="North", E9="South", E2="Castlegate")

    for ward in ("north", "south"):
        shown = titles(client, f"/wards/{ward}/")
        assert shown == ["About Larkfield", "About the lot"]


def test_a_merged_ward_shows_what_was_asked_of_each_part(client, asked):
    change_to("E1=E9", "E2=E9", E9="Lark and Castle")

    assert len(titles(client, "/wards/lark-and-castle/")) == 3
    assert len(titles(client, "/consultations/?ward=lark-and-castle")) == 3


def test_a_ward_of_which_nothing_was_said_shows_what_is_for_all(client, asked):
    change_to(E1="Larkfield", E2="Castlegate", E9="Brand New")

    assert titles(client, "/wards/brand-new/") == ["About the lot"]


def test_what_came_of_it_is_found_by_the_new_ward(client, larkfield):
    late = make_published_consultation(
        title="About Larkfield",
        all_wards=False,
        opens=-90,
        closes=-50,
        feedback_due=timezone.localdate() - timedelta(days=3),
    )
    late.wards.add(larkfield)

    change_to(E8="Larkfield", E9="Castlegate")

    assert titles(client, "/feedback/?ward=larkfield") == ["About Larkfield"]
    assert titles(client, "/feedback/?ward=castlegate") == []


def test_the_page_of_a_ward_that_was_renamed_leads_to_its_successor(client, larkfield):
    change_to("E1=E8", E8="Lark Rise")

    assert client.get("/wards/larkfield/").headers["Location"] == "/wards/lark-rise/"
    assert client.get("/wards/nowhere/").status_code == 404


def test_the_page_of_a_ward_that_was_split_leads_to_the_list(client, larkfield):
    change_to("E1=E8:0.5", "E1=E9:0.5", E8="North", E9="South")

    assert client.get("/wards/larkfield/").headers["Location"] == "/wards/"


def test_the_ward_page_costs_the_same_however_often_boundaries_changed(
    client, asked, assert_same_query_count
):
    def once_more():
        number = WardSet.objects.count()
        import_wards(
            wards_file(E1="Larkfield", E2="Castlegate", E9=f"Ward {number}"),
            by=None,
            in_force_from=CHANGE + timedelta(days=number),
        )
        change_to(E1="Larkfield", E2="Castlegate")
        row = make_published_consultation(all_wards=False)
        row.wards.add(*Ward.objects.in_force().filter(code="E1"))

    assert_same_query_count("/wards/larkfield/", add_more=once_more)


def test_a_draft_planned_before_the_change_keeps_its_wards(client, larkfield):
    officer = factories.make_officer()
    draft = factories.make_consultation(lead_officer=officer, all_wards=False)
    factories.make_officer(draft.service)
    draft.service.officer_posts.create(user=officer)
    draft.wards.add(larkfield)
    change_to("E1=E8", E8="Lark Rise", E9="Castlegate")
    client.force_login(officer)

    page = client.get(f"/staff/consultations/{draft.slug}/people/")
    form = page.context["form"]

    assert form.initial["wards"] == [Ward.objects.get(code="E8").pk]


# Who represents it ------------------------------------------------------------------


def test_councillors_stand_on_the_page_of_what_their_ward_became(client, larkfield):
    person = make_user(RoleKind.COUNCILLOR, full_name="Cllr Elsa Elected")
    Councillor.objects.create(user=person, ward=larkfield, starts=date(2025, 5, 1))

    change_to("E1=E8", E8="Lark Rise", E9="Castlegate")

    assert "Cllr Elsa Elected" in client.get("/wards/lark-rise/").content.decode()
    assert "Cllr Elsa Elected" not in client.get("/wards/castlegate/").content.decode()


def test_a_councillor_has_no_second_term_for_what_the_ward_became(larkfield):
    person = make_user(RoleKind.COUNCILLOR)
    Councillor.objects.create(user=person, ward=larkfield, starts=date(2025, 5, 1))
    change_to("E1=E8", E8="Lark Rise")

    with pytest.raises(ActionRefused, match="has a term for this ward"):
        terms.start_term(
            person,
            ward=Ward.objects.get(code="E8"),
            starts=CHANGE,
            ends=None,
            reason="Elected",
            by=make_user(RoleKind.DEMOCRATIC_SERVICES),
        )

    assert person.terms.count() == 1


# Postcodes --------------------------------------------------------------------------

POSTCODES = "pcds,ward_code,lad_code\nAB1 1AA,E1,E06000099\nAB2 2BB,E2,E06000099\n"


@pytest.fixture
def postcodes(larkfield, castlegate):
    import_postcodes(POSTCODES, by=None)


@pytest.mark.rule("GDPR-05", "accepts")
def test_a_postcode_loaded_before_the_change_lies_in_the_ward_that_followed(postcodes):
    change_to("E1=E8", E8="Lark Rise", E9="Castlegate")

    assert place_of("AB11AA").ward.code == "E8"
    assert place_of("AB22BB").ward.code == "E9"
    assert place_of("AB11AA", on=CHANGE - timedelta(days=1)).ward.code == "E1"


@pytest.mark.rule("GDPR-05", "accepts")
def test_a_postcode_loaded_for_wards_to_come_lies_in_the_ward_of_today(larkfield):
    import_wards(wards_file(E8="Larkfield"), by=None, in_force_from=date(2027, 5, 6))
    import_postcodes("pcds,ward_code\nAB1 1AA,E8\n", by=None)

    assert place_of("AB11AA").ward == larkfield


@pytest.mark.rule("GDPR-05", "refuses")
def test_a_postcode_of_a_ward_that_was_split_leads_to_choosing(postcodes):
    change_to("E1=E8:0.5", "E1=E9:0.5", E8="North", E9="South")

    place = place_of("AB11AA")

    assert (place.is_known, place.ward) == (False, None)


@pytest.mark.rule("GDPR-05", "refuses")
def test_a_postcode_of_ours_whose_ward_has_no_successor_leads_to_choosing(postcodes):
    change_to(E8="North", E9="South")

    assert not place_of("AB11AA").is_known


@pytest.mark.rule("GDPR-05", "refuses")
def test_postcodes_that_came_before_their_wards_lead_to_choosing(postcodes):
    """All our postcodes name wards that nobody has loaded: they stay ours."""
    import_postcodes(POSTCODES.replace(",E1", ",E8").replace(",E2", ",E9"), by=None)

    assert not place_of("AB11AA").is_known
    assert not place_of("AB22BB").is_known


@pytest.mark.rule("GDPR-05", "refuses")
def test_a_postcode_that_says_no_council_is_not_taken_for_another_councils(postcodes):
    Postcode.objects.create(code="AB33CC", ward_code="E77")

    assert not place_of("AB33CC").is_known


@pytest.mark.rule("GDPR-05", "accepts")
def test_only_a_postcode_of_another_council_is_outside(postcodes):
    import_postcodes("pcds,ward_code,lad_code\nZZ1 1ZZ,E77,E06000001\n", by=None)
    change_to(E8="North", E9="South")

    place = place_of("ZZ11ZZ")

    assert (place.is_known, place.ward) == (True, None)


def test_a_database_of_before_learns_whose_its_wards_are(postcodes):
    Ward.objects.update(area_code="")

    FILL.fill(django_apps, None)

    assert set(Ward.objects.values_list("area_code")) == {("E06000099",)}


def test_where_no_postcode_of_ours_is_known_nobody_is_outside(larkfield):
    import_postcodes("pcds,ward_code,lad_code\nZZ1 1ZZ,E77,E06000001\n", by=None)

    assert not place_of("ZZ11ZZ").is_known


def test_a_resident_whose_ward_was_split_chooses_it(client, postcodes):
    change_to("E1=E8:0.5", "E1=E9:0.5", E8="North", E9="South")

    answer = client.post("/wards/", {"postcode": "AB1 1AA"})

    said = "We cannot tell the ward of this postcode. Choose your ward from the list"
    assert said in answer.content.decode()


def test_the_share_of_what_is_read_is_kept():
    assert read_following("E1 = E2") == Following("E1", "E2", Decimal(1))
    assert read_following("E1=E2:0.25").share == Decimal("0.25")


@pytest.mark.parametrize(
    ("following", "chosen"),
    [(["E1=E8"], "E8"), (["E1=E8:0.5", "E1=E9:0.5"], "")],
)
def test_who_began_to_answer_before_a_change_finds_the_ward_it_became(
    larkfield, following, chosen
):
    """Where there are several nothing is chosen for them."""
    change_to(*following, E8="North", E9="South")
    questionnaire = factories.make_questionnaire()

    form = page_form(
        questionnaire,
        questionnaire.pages[0],
        initial={"q_ward": {"place": "ward", "ward_code": "E1"}},
        wards=list(Ward.objects.in_force()),
    )

    assert form.initial["q_ward.ward"] == chosen
