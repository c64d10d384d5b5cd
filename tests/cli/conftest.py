"""Run the command line in this process, as `main` does in one of its own."""

import os
import subprocess
import sys
from dataclasses import dataclass

import pytest

from landready.cli import app


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["landready", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            app.main()
        said = capsys.readouterr()
        code = 0 if ended.value.code is None else ended.value.code
        return Ran(code, said.out, said.err)

    return run


@pytest.fixture
def process():
    """Run `python -m landready`, or code that calls it, in a process of its own; `through` is a program to start it."""

    def run(*arguments, code=None, through=(), **options):
        start = ["-c", code] if code else ["-m", "landready"]
        return subprocess.run(
            [*through, sys.executable, *start, *map(str, arguments)],
            check=False,
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            **options,
        )

    return run


@pytest.fixture
def homeless():
    """Return an environment with a home folder that is not there, and no other folder for caches or settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "MPLCONFIG"))}
    return kept | {"HOME": "/nonexistent"}
