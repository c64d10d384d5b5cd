"""From what a caller names to the file that is read: itself, or the one in a zip file that holds the layer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landready.errors import FileError, Finding
from landready.layers.detaljplan.layers import PLAN_LAYERS
from landready.layers.detaljplan.sniffing import is_plan_source
from landready.layers.files import look_into
from landready.layers.packed import is_packed, require_layers, unpacked
from landready.layers.present import require_file
from landready.layers.sorts import files_of


@contextmanager
def file_within(path: Path, layer: str | None, *, role: str | None) -> Iterator[Path]:
    """
    Give the file that a layer is to be read from, for as long as the block lasts.

    Parameters
    ----------
    path
        A file, or a zip file.
    layer
        Name of the layer; chooses between the files of a zip.
    role
        The roles of plan files choose those of a zip.

    Yields
    ------
    pathlib.Path
        `path` itself, if it is no zip with layers.

    Raises
    ------
    FileError
        If the zip cannot be trusted, or holds several files and none is chosen.
    """
    if not is_packed(path):
        require_layers(path)
        yield path
        return
    with unpacked(path) as folder:
        yield _chosen(folder, path, layer, role)


def _chosen(folder: Path, path: Path, layer: str | None, role: str | None) -> Path:
    if (layer is None or layer in PLAN_LAYERS.values()) and role in PLAN_LAYERS and is_plan_source(folder):
        return folder
    files = files_of(folder, "vector")
    if len(files) == 1:
        return files[0]
    there = {file: _layers(file) for file in files}
    named = [file for file, names in there.items() if layer in names]
    if len(named) == 1:
        return named[0]
    listed = ", ".join(sorted(name for names in there.values() for name in names)) or "–"
    key = "layer_none" if not files else "layer_several" if layer is None or named else "layer_unknown"
    raise FileError(Finding(key, {"file": path.name, "layer": layer, "nearest": "–", "layers": listed}))


def _layers(file: Path) -> tuple[str, ...]:
    """Return the layers of a file; none of one that cannot be read, which is no reason to refuse those beside it."""
    try:
        require_file(file)
        return look_into(file).names
    except FileError:
        return ()
