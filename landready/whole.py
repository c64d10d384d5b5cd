"""Files that are there whole or not at all."""

import os
import tempfile
from pathlib import Path


def write_whole(path: Path, content: str) -> None:
    """
    Write a text file in UTF-8, and move it into place when it is complete: an earlier file stays until then.

    Parameters
    ----------
    path
        Where it is to be.
    content
        The whole text.
    """
    handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8"))
        Path(unfinished).chmod(0o644)  # mkstemp gives the file to its owner alone
        os.replace(unfinished, path)  # noqa: PTH105  (the same on every system, and atomic)
    finally:
        Path(unfinished).unlink(missing_ok=True)
