"""What a waiting person sees: a bar per step on a terminal, a line per step elsewhere, nothing when quiet."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from landready.cli.session import Session
from landready.texts import Language, text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import TaskID

    from landready.model import Progress


@contextmanager
def shown_progress(session: Session) -> "Iterator[Progress]":
    """
    Show how far the work has come, on standard error.

    Parameters
    ----------
    session
        A quiet one shows nothing.

    Yields
    ------
    Progress
        To be called as `progress(step, done, total)`.
    """
    from rich.console import Console

    console = Console(stderr=True)
    if session.quiet:
        yield _nothing
    elif console.is_terminal:
        with _bars(console, session.text("starting"), session.language) as progress:
            yield progress
    else:
        yield _lines(session.language)


@contextmanager
def _bars(console: "Console", starting: str, language: Language) -> "Iterator[Progress]":
    from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        # Loading the geometry libraries takes a second in itself, before the first step is told.
        first = bars.add_task(starting, total=None)
        tasks: dict[str, TaskID] = {}

        def progress(step: str, done: int, total: int) -> None:
            bars.update(first, visible=False)
            if step not in tasks:
                tasks[step] = bars.add_task(text(f"step.{step}", language))
            bars.update(tasks[step], completed=done, total=total)

        yield progress


def _lines(language: Language) -> "Progress":
    told: set[str] = set()

    def progress(step: str, _done: int, _total: int) -> None:
        if step not in told:
            told.add(step)
            typer.echo(f"{text(f'step.{step}', language)} …", err=True)

    return progress


def _nothing(_step: str, _done: int, _total: int) -> None:
    """Show nothing."""
