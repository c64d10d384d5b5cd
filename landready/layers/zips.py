"""What Python's own reader of zip files raises for those that are damaged."""

import lzma
import zipfile
import zlib

DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,  # NotImplementedError for ways of packing that nobody knows
    ValueError,
    OSError,
    LookupError,
)
"""Errors of files that are damaged, or packed in ways that nobody knows."""
