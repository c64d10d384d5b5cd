"""Which files are plan files: told by what they say of themselves, not by their names."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

Format = Literal["ngp", "ss637040"]

_HEAD, _TAIL = 65_536, 8_192
_SUFFIXES = frozenset({".json", ".geojson", ".xml", ".gml"})
_NGP = re.compile(rb'vnd\.lm\.detaljplan|"plangeometri"|"bestammelsegeometri"')
_XML_ROOT = re.compile(rb"<(?:[\w.-]+:)?DP_Data[\s>]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def plan_format(path: Path) -> Format | None:
    """
    Return the format of a plan file; None for every other file.

    Parameters
    ----------
    path
        A file. Only its beginning and end are read: the media type of a JSON file, or the words of its first
        objects, or the root of an XML file.
    """
    if path.suffix.lower() not in _SUFFIXES or not path.is_file():
        return None
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
            stream.seek(max(len(head), path.stat().st_size - _TAIL))
            tail = stream.read()
    except OSError:
        return None
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(_UTF16):
        return None
    if start[:1] in {b"{", b"["}:
        return "ngp" if _NGP.search(head) or b"vnd.lm.detaljplan" in tail else None
    return "ss637040" if start[:1] == b"<" and _XML_ROOT.search(start) else None


def plan_files(path: Path) -> tuple[Path, ...]:
    """
    Return the plan files at a path: itself, or those of a folder and all folders in it, by name.

    Parameters
    ----------
    path
        A file or folder. Hidden files and folders are left out.
    """
    if not path.is_dir():
        return (path,) if plan_format(path) else ()
    return tuple(sorted(_within(path), key=lambda file: file.as_posix()))


def _within(folder: Path) -> Iterator[Path]:
    for file in folder.rglob("*"):
        if not any(part.startswith(".") for part in file.relative_to(folder).parts) and plan_format(file):
            yield file


def is_plan_source(path: Path) -> bool:
    """Tell whether a path is a plan file, or a folder with some."""
    return any(True for _ in _within(path)) if path.is_dir() else plan_format(path) is not None
