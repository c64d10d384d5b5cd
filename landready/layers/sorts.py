"""The files of a folder, sorted: layers, rasters, and what belongs to them or is something else."""

from pathlib import Path

from landready.layers.made import made_of_file
from landready.layers.packed import is_packed
from landready.layers.recognise import table


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

    Of XML only plans are vectors, and of archives only timetables and those that hold layers.
    """
    suffixes = table()["suffixes"]
    ending = file.suffix.lower()
    for sort, listed in (("vector", "vector"), ("raster", "raster"), ("companion", "companions")):
        if ending in suffixes[listed]:
            return sort
    return "vector" if made_of_file(file) or is_packed(file) else "other"


def is_one_file(path: Path) -> bool:
    """Tell whether a folder is one data set: an Esri file geodatabase."""
    return path.suffix.lower() == ".gdb"


def relative_name(file: Path, root: Path) -> str:
    """Return a file's path within the folder that was asked about, or its name where it was asked about itself."""
    return file.name if file == root else file.relative_to(root).as_posix()
