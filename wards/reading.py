"""Reading a file that somebody gave, as text."""

from pathlib import Path

from wards.boundaries import UnreadableFile


def read_text(path: Path) -> str:
    """Return a file's text: UTF-8, or the Windows encoding of older exports.

    Raises UnreadableFile with what to do where there is no such text file.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read: {error.strerror}. Check the name and try again."
        ) from error
    if b"\x00" in content:
        raise UnreadableFile(f"{path} is not a text file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
