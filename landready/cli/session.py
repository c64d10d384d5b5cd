"""How a command speaks, and how it ends: words on the right stream, one exit code for each kind of end."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer

from landready.errors import LandreadyError, os_reason
from landready.texts import Language, text

DONE, CANNOT_RUN, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


@dataclass(frozen=True)
class Session:
    """
    What holds for the whole command.

    Parameters
    ----------
    language
        Of everything the command says.
    quiet
        Say nothing but errors, and what was asked for on standard output.
    debug
        Show the traceback of an unexpected error.
    asked
        The language that was asked for, which outputs then have too; None leaves them the study's own.
    """

    language: Language = "sv"
    quiet: bool = False
    debug: bool = False
    asked: Language | None = None

    def text(self, key: str, **values: Any) -> str:
        """Return a text of the `cli` section in the session's language."""
        return text(f"cli.{key}", self.language, **values)

    def say(self, message: str) -> None:
        """Write `message` to standard output, unless the session is quiet."""
        if not self.quiet:
            typer.echo(message)

    def remark(self, message: str) -> None:
        """Write what is worth knowing beside the answer to standard error, unless the session is quiet."""
        if not self.quiet:
            typer.echo(message, err=True)

    def complain(self, message: str) -> None:
        """Write `message` to standard error."""
        typer.echo(message, err=True)


@contextmanager
def guarded(session: Session) -> Iterator[None]:
    """Turn every way a command can end into words and an exit code; no bare traceback leaves it."""
    try:
        yield
        sys.stdout.flush()
    except typer.Exit:
        raise
    except LandreadyError as error:
        session.complain(error.text(session.language))
        raise typer.Exit(CANNOT_RUN) from None
    except KeyboardInterrupt:
        session.complain(session.text("interrupted"))
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        leave_pipe()
        raise typer.Exit(DONE) from None
    except OSError as error:
        reason = session.text(f"os_{os_reason(error)}", why=error.strerror or error)
        session.complain(session.text("os_error", path=error.filename or "–", why=reason))
        raise typer.Exit(CANNOT_RUN) from None
    except Exception as error:  # noqa: BLE001  (the outermost place: a fault of ours must end in words, too)
        if session.debug:
            session.complain(traceback.format_exc())
        else:
            reason = " ".join(str(error).split())
            session.complain(session.text("unexpected", kind=type(error).__name__, why=reason))
        raise typer.Exit(CANNOT_RUN) from None


def leave_pipe() -> None:
    """Stop writing to a reader that has gone, so that the interpreter does not complain as it closes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
