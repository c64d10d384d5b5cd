"""Whether there is something to read at a path at all, before any reader opens it."""

import difflib
import os
import zipfile
from pathlib import Path

from landready.errors import FileError, Finding
from landready.layers.downloads import require_data
from landready.layers.harmless import require_harmless
from landready.layers.made import made_of_file

GEODATABASE = ".gdb"
"""The ending of the folder that is an Esri file geodatabase."""


def require_file(path: Path) -> None:
    """
    Refuse a path where there is nothing to read, or what is there is not to be trusted.

    Raises
    ------
    FileError
        If it does not exist (with the nearest name in its folder), is a shortcut to something that does not, a folder,
        empty, or not whole.
    """
    if not path.exists():
        raise FileError(_not_there(path))
    if path.is_dir():
        _require_one_source(path)
    elif not path.stat().st_size:
        raise FileError(Finding("file_zero", {"file": path.name}))
    elif path.suffix.lower() == ".shp" and not has_part(path, ".shx"):
        raise FileError(Finding("shapefile_no_index", {"file": path.name, "part": f"{path.stem}.shx"}))
    elif path.suffix.lower() == ".zip" and not zipfile.is_zipfile(path):
        raise FileError(Finding("zip_not_whole", {"file": path.name}))
    else:
        require_data(path)
    require_harmless(path)


def has_part(shapefile: Path, ending: str) -> bool:
    """Tell whether one of the files that a shapefile is made of lies beside it, in upper or lower case."""
    return any(shapefile.with_suffix(spelled).is_file() for spelled in (ending, ending.upper()))


def _not_there(path: Path) -> Finding:
    if path.is_symlink():
        return Finding("link_broken", {"file": path.name})
    there = sorted(entry.name for entry in path.parent.iterdir()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, n=1)
    return Finding("file_not_found", {"file": path.name, "nearest": near[0] if near else "–"})


def _require_one_source(folder: Path) -> None:
    """Refuse a folder that is not one source by itself, as a geodatabase, a timetable or plans are."""
    if not os.access(folder, os.R_OK | os.X_OK):
        raise FileError(Finding("folder_closed", {"file": folder.name}))
    if folder.suffix.lower() == GEODATABASE:
        if not any(entry.suffix.lower() == ".gdbtable" for entry in folder.iterdir()):
            raise FileError(Finding("geodatabase_empty", {"file": folder.name}))
    elif not made_of_file(folder):
        key = "file_is_folder" if any(folder.iterdir()) else "folder_empty"
        raise FileError(Finding("link_to_folder" if folder.is_symlink() else key, {"file": folder.name}))
