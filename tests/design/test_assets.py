"""The asset build keeps GOV.UK's brand out, and does nothing twice."""

import shutil
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import CommandError, call_command

from design.management.commands import assets

BUILT = django_settings.ASSETS_DIR


@pytest.mark.parametrize(
    "style_sheet",
    [
        'a{font-family:"GDS Transport",arial}',
        "@font-face{font-family:x}",
        "a{background:url(/assets/images/govuk-icon.png)}",
        "a{background:url('https://example.org/x.png')}",
        "@import 'https://example.org/x.css'",
    ],
)
def test_a_style_sheet_with_somebody_elses_brand_fails_the_build(style_sheet):
    with pytest.raises(CommandError, match="The style sheet has"):
        assets.check_brand(style_sheet)


def test_a_plain_style_sheet_passes():
    assets.check_brand("a{background:url(data:image/svg+xml;base64,AA)}")


def test_the_rules_for_the_crest_go_and_their_neighbours_stay():
    rule = "a{width:1px;mask-image:url(/assets/images/govuk-crest.svg);color:red}"

    assert assets.CREST.sub("", rule) == "a{width:1px;color:red}"


def test_the_built_style_sheet_is_ours_alone():
    built = (BUILT / assets.STYLE_SHEET).read_text(encoding="utf-8")

    assets.check_brand(built)
    assert "govuk-crest" not in built
    assert "system-ui" in built


def test_nothing_of_govuk_but_the_listed_files_is_served():
    found = {str(f.relative_to(BUILT)) for f in BUILT.rglob("*") if f.is_file()}

    assert found == {assets.STYLE_SHEET, *assets.COPIED.values()}


@pytest.fixture
def a_copy(settings, tmp_path):
    """Assets that a test may spoil."""
    settings.ASSETS_DIR = tmp_path / "assets"
    shutil.copytree(BUILT, settings.ASSETS_DIR)
    shutil.copy(BUILT.with_suffix(".stamp"), tmp_path / "assets.stamp")
    return settings.ASSETS_DIR


def test_a_second_build_has_nothing_to_do(a_copy, capsys, monkeypatch):
    monkeypatch.setattr(assets, "find_node", None)

    call_command("assets")

    assert capsys.readouterr().out == "The assets are up to date.\n"


def test_a_missing_file_is_built_again(a_copy, capsys):
    (a_copy / assets.STYLE_SHEET).unlink()

    call_command("assets")

    assert (a_copy / assets.STYLE_SHEET).stat().st_size > 50_000


def test_without_node_a_sentence_says_what_to_do(a_copy, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(assets.sys, "executable", str(Path(tmp_path) / "python"))

    with pytest.raises(CommandError, match=r"needs Node\.js 18"):
        call_command("assets", force=True)
