"""Every way a command can end: its exit code and its words."""

import errno

import pytest
import typer

from landready.cli.session import Session, guarded
from landready.errors import FileError, Finding, StudyError

REASONS = StudyError(Finding("study_no_parcels"), Finding("study_missing_key", {"where": "study.date"}))


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (REASONS, 1, 'Inget lager har rollen "parcels" (fastigheter).\n”study.date” saknas.\n'),
        (FileError(Finding("not_a_folder", {"path": "a"})), 1, "”a” är en fil; här behövs en mapp.\n"),
        (KeyboardInterrupt(), 130, "Avbrutet – tidigare resultat är orörda.\n"),
        (PermissionError(errno.EACCES, "denied", "ut"), 1, "”ut”: behörighet saknas.\n"),
        (OSError(errno.EIO, "trasig disk", "ut"), 1, "”ut”: trasig disk.\n"),
        (OSError("trasig"), 1, "”–”: trasig.\n"),
        (ZeroDivisionError("a\nb"), 1, "ZeroDivisionError: a b"),
    ],
)
def test_errors_end_in_words(capsys, error, code, said):
    with pytest.raises(typer.Exit) as ended, guarded(Session()):
        raise error
    assert ended.value.exit_code == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert not shown.out


def test_reasons_follow_the_language(capsys):
    with pytest.raises(typer.Exit), guarded(Session(language="en")):
        raise REASONS
    assert capsys.readouterr().err.splitlines() == [REASONS.findings[0].text("en"), REASONS.findings[1].text("en")]


def test_debug_shows_the_traceback_of_a_bug_only(capsys):
    with pytest.raises(typer.Exit) as ended, guarded(Session(debug=True)):
        raise ZeroDivisionError
    assert ended.value.exit_code == 1
    assert "Traceback" in capsys.readouterr().err
    with pytest.raises(typer.Exit), guarded(Session(debug=True)):
        raise REASONS
    assert "Traceback" not in capsys.readouterr().err


def test_an_exit_of_its_own_passes():
    with pytest.raises(typer.Exit) as ended, guarded(Session()):
        raise typer.Exit(7)
    assert ended.value.exit_code == 7


def test_quiet_says_nothing_but_errors(capsys):
    quiet = Session(quiet=True)
    quiet.say("hej")
    quiet.complain("fel")
    assert capsys.readouterr() == ("", "fel\n")
