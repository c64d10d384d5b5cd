"""What a download says of itself: that it is no map data but a page or a message, or that the service held more."""

import re
from pathlib import Path

from landready.errors import FileError, Finding
from landready.layers.notes import Notes

_LOOKED_AT = 4096  # bytes at either end: what a service says of its answer stands before or after the features
_PAGE = re.compile(rb"\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)
_MESSAGE = re.compile(rb'\s*(?:<\?xml[^>]*>\s*)?<[\w:]*(?:ServiceException|Exception)Report|\s*\{\s*"error"\s*:')
_MATCHED = re.compile(rb'numberMatched"?\s*[=:]\s*"?(\d+)')
_RETURNED = re.compile(rb'numberReturned"?\s*[=:]\s*"?(\d+)')
_EXCEEDED = re.compile(rb'"exceededTransferLimit"\s*:\s*true')


def require_data(path: Path) -> None:
    """
    Refuse what a service sent instead of data and somebody saved under the name of a layer.

    Raises
    ------
    FileError
        If the file is a web page, such as a page to log in on, or the error message of a service.
    """
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT).removeprefix(b"\xef\xbb\xbf")
    if _PAGE.match(head):
        raise FileError(Finding("file_web_page", {"file": path.name}))
    if _MESSAGE.match(head):
        raise FileError(Finding("file_service_error", {"file": path.name}))


def cut_by_service(path: Path, count: int, *, layer: str) -> Notes:
    """
    Warn where a service says that it held more features than it sent.

    Parameters
    ----------
    path
        A file of GeoJSON, Esri's JSON or GML.
    count
        How many features were read.
    layer
        What the finding calls it.
    """
    said = _ends_of(path)
    matched, returned = (_number(pattern, said) for pattern in (_MATCHED, _RETURNED))
    there = count if returned is None else returned
    if matched is not None and matched > there:
        return Notes((Finding("service_sent_part", {"layer": layer, "count": there, "total": matched}, "warning"),))
    if _EXCEEDED.search(said):
        return Notes((Finding("service_limit", {"layer": layer, "count": count}, "warning"),))
    return Notes()


def _ends_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
        stream.seek(max(len(head), path.stat().st_size - _LOOKED_AT))
        return head + stream.read(_LOOKED_AT)


def _number(pattern: re.Pattern[bytes], said: bytes) -> int | None:
    found = pattern.search(said)
    return int(found[1]) if found else None
