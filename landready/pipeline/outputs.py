"""Put results where they belong, whole: a run that is killed leaves the earlier results untouched.

Everything is written to a folder of its own beside its place and moved in, file by file, when all of it is
there; the manifest, which names the files and their hashes, is moved last.
"""

import hashlib
import json
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MANIFEST = "manifest.json"
_STAGING = ".landready-"


@contextmanager
def moved_in_whole(out: Path) -> Iterator[Path]:
    """
    Give a folder to write in; when the block ends well, move its files to `out`.

    Parameters
    ----------
    out
        Made if it is not there. Files of an earlier run that this one did not write again are removed; files that
        no manifest names are left alone.

    Yields
    ------
    pathlib.Path
        The folder to write in. Removed in any case.
    """
    out.mkdir(parents=True, exist_ok=True)
    for stale in out.glob(f"{_STAGING}*"):  # left by a run that was killed
        shutil.rmtree(stale, ignore_errors=True)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=out))
    try:
        yield staging
        earlier = _named_in_manifest(out)
        fresh = sorted(path.name for path in staging.iterdir())
        with _uninterrupted():
            for name in sorted(fresh, key=lambda name: name == MANIFEST):
                (staging / name).replace(out / name)
            for name in earlier - set(fresh):
                (out / name).unlink(missing_ok=True)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold back Ctrl-C for the few milliseconds that moving takes: then the results are whole, old or new."""
    if threading.current_thread() is not threading.main_thread():  # only the main thread hears signals
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _named_in_manifest(out: Path) -> set[str]:
    try:
        named = json.loads((out / MANIFEST).read_text(encoding="utf-8"))["outputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return set()
    return {name for name in named if isinstance(name, str) and Path(name).name == name}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
