"""Look into a GeoPackage as the SQLite database it is: only to read, and as if nobody else could change it."""

import sqlite3
from pathlib import Path


def opened_for_reading(path: Path) -> sqlite3.Connection:
    """
    Return a connection that can write nothing, neither to the file nor beside it.

    Raises
    ------
    sqlite3.Error
        If the file cannot be opened. That it is no database shows first when it is asked.
    """
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)


def quoted(name: str) -> str:
    """Return the name of a table or column as SQL writes it, whatever signs it has."""
    return '"' + name.replace('"', '""') + '"'
