"""The files of a folder, sorted: layers, rasters, and what belongs to them or is something else."""

from pathlib import Path

from landready.layers.made import made_of_file
from landready.layers.packed import is_packed
from landready.layers.recognise import table

_HEAD_BYTES = 65_536
_SHAPES = (b'"Feature', b'"features"', b'"Topology"', b'"coordinates"', b'"geometry', b'"esriGeometryType"')


def files_of(root: Path, sort: str) -> list[Path]:
    """Return the files of one sort in a folder and all folders in it, by name; hidden ones are left out."""
    found = [
        file
        for file in root.rglob("*")
        if (file.is_file() or is_one_file(file))
        and not any(part.startswith(".") for part in file.relative_to(root).parts)
        and not any(is_one_file(parent) for parent in file.relative_to(root).parents)
        and sort_of(file) == sort
    ]
    return sorted(found, key=lambda file: file.as_posix())


def sort_of(file: Path) -> str:
    """
    Return `"vector"`, `"raster"`, `"companion"` or `"other"` by the file's ending.

    Of XML only plans are vectors, of archives only timetables and those that hold layers, and of JSON only what says
    that it holds shapes: most of it is settings.
    """
    suffixes = table()["suffixes"]
    ending = file.suffix.lower()
    if ending == ".json" and not _says_layer(file):
        return "vector" if made_of_file(file) else "other"
    for sort, listed in (("vector", "vector"), ("raster", "raster"), ("companion", "companions")):
        if ending in suffixes[listed]:
            return sort
    return "vector" if made_of_file(file) or is_packed(file) else "other"


def _says_layer(file: Path) -> bool:
    """Tell whether JSON says what GeoJSON, TopoJSON or Esri's says; what cannot be read is left to be told."""
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except OSError:
        return True
    return not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") or any(word in head for word in _SHAPES)


def is_one_file(path: Path) -> bool:
    """Tell whether a folder is one data set: an Esri file geodatabase."""
    return path.suffix.lower() == ".gdb"


def relative_name(file: Path, root: Path) -> str:
    """Return a file's path within the folder that was asked about, or its name where it was asked about itself."""
    return file.name if file == root else file.relative_to(root).as_posix()
