"""``python -m tests.chromium``: fetch and unpack the Chromium of the npm package.

Its own unpacking writes to shared places in the system's temporary folder, so the
four compressed files are unpacked here, into var/chromium.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from django.core.management.base import CommandError

from design.management.commands.assets import find_node
from tests.chromium import HOW_TO_GET, UNPACKED, find_chromium

HERE = Path(__file__).parent
PACKED = HERE / "node_modules" / "@sparticuz" / "chromium" / "bin"
UNPACK = """
const fs = require("fs"), [source, target] = process.argv.slice(1);
require("stream").pipeline(fs.createReadStream(source),
    require("zlib").createBrotliDecompress(), fs.createWriteStream(target),
    (error) => process.exit(error ? 1 : 0));
"""


def main() -> int:
    """Return 0 when there is a Chromium afterwards."""
    if find_chromium():
        return 0
    sys.stdout.write("Fetching a Chromium for the browser tests\n")
    try:
        node, npm = find_node()
        path = os.pathsep.join([str(node.parent), os.environ.get("PATH", "")])
        command = [str(npm), "ci", "--ignore-scripts", "--omit=optional", "--silent"]
        environment = {**os.environ, "PATH": path}
        subprocess.run(command, cwd=HERE, env=environment, check=True)
        unpack(node)
    except (CommandError, OSError, subprocess.CalledProcessError) as error:
        sys.stdout.write(f"{error}\n{HOW_TO_GET}\n")
        return 1
    return 0


def unpack(node: Path) -> None:
    """Put the browser in place last: where it is, it is whole."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    for name in ("al2023", "swiftshader", "fonts"):
        tar = UNPACKED / f"{name}.tar"
        _decompress(node, PACKED / f"{name}.tar.br", tar)
        subprocess.run(["tar", "-xf", tar, "-C", UNPACKED], check=True)
        tar.unlink()
    folder = UNPACKED / "fonts"
    (UNPACKED / "fonts.conf").write_text(
        f"<fontconfig><dir>{folder}</dir><cachedir>{folder}</cachedir></fontconfig>\n"
    )
    part = UNPACKED / "chromium.part"
    _decompress(node, PACKED / "chromium.br", part)
    part.chmod(0o755)
    part.replace(UNPACKED / "chromium")
    shutil.rmtree(HERE / "node_modules")


def _decompress(node: Path, source: Path, target: Path) -> None:
    subprocess.run([node, "-e", UNPACK, source, target], check=True)


if __name__ == "__main__":
    sys.exit(main())
