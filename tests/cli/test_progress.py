"""What a waiting person sees."""

import io

from rich.console import Console

from landready.cli import progress
from landready.cli.session import Session


def test_a_line_per_step_where_there_is_no_terminal(capsys):
    with progress.shown_progress(Session()) as tell:
        for done in range(3):
            tell("read", done, 2)
        tell("write", 0, 1)
    shown = capsys.readouterr()
    assert shown.err.splitlines() == ["läsning …", "skrivning …"]
    assert not shown.out


def test_nothing_when_quiet(capsys):
    with progress.shown_progress(Session(quiet=True)) as tell:
        tell("read", 0, 1)
    assert capsys.readouterr() == ("", "")


def test_bars_on_a_terminal(monkeypatch):
    screen = io.StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=screen, force_terminal=True, width=100))
    with progress.shown_progress(Session(language="en")) as tell:
        tell("read", 0, 2)
        tell("read", 2, 2)
        tell("score", 0, 1)
    shown = screen.getvalue()
    assert "starting" in shown
    assert "reading" in shown
    assert "2/2" in shown
    assert "scoring" in shown
