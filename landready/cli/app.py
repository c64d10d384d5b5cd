"""The door from the command line: `main`, the options that hold for every command, and the words of all."""

import gc
import logging
import sys
import warnings
from collections.abc import Sequence
from typing import Annotated

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.main import get_command

from landready import __version__
from landready.cli import commands
from landready.cli.session import DONE, INTERRUPTED, WRONG_USAGE, Session, leave_pipe
from landready.cli.usage import UsageError, in_words
from landready.texts import LANGUAGES, Language, text

_FLAGS = ("--quiet", "--debug")


def main() -> None:
    """Run the command that the process was started with, and end the process with its exit code."""
    arguments = hoisted(sys.argv[1:])
    language = asked_language(arguments) or "sv"
    _keep_libraries_quiet(debug="--debug" in arguments)
    # Hundreds of thousands of geometries live until the end; looking for cycles among them takes long.
    gc.set_threshold(100_000, 50, 50)
    for stream in (sys.stdout, sys.stderr):
        # A console that has no å must not stop a run.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(_code(arguments, language))
    except (KeyboardInterrupt, typer.Abort):  # typer makes one of the other
        typer.echo(text("cli.interrupted", language), err=True)
        sys.exit(INTERRUPTED)
    finally:
        _flush()


def _code(arguments: list[str], language: Language) -> int | None:
    """Run the command, and return the exit code; None where all went well."""
    group = application(language)
    try:
        code: int | None = group.main(args=arguments, prog_name="landready", standalone_mode=False)
    except UsageError as error:
        said = in_words(error, group, language)
        if said:
            typer.echo(said, err=True)
        return WRONG_USAGE
    return code


def application(language: Language = "sv") -> TyperGroup:
    """Return the whole command line, its help in `language`."""
    app = typer.Typer(name="landready", add_completion=False, no_args_is_help=True)
    app.callback()(_everywhere)
    for command in (commands.demo, commands.init, commands.check, commands.run, commands.explain):
        app.command()(command)
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    _put_words(group, "landready", language)
    for name, command in group.commands.items():
        assert isinstance(command, TyperCommand)
        _put_words(command, name, language)
    return group


def hoisted(arguments: Sequence[str]) -> list[str]:
    """
    Move the options that hold for every command to the front, so that they may stand anywhere.

    Parameters
    ----------
    arguments
        The words after the program's name.

    Returns
    -------
    list of str

    Examples
    --------
    >>> hoisted(["run", "study.toml", "--language", "en", "--out", "here", "--quiet"])
    ['--language', 'en', '--quiet', 'run', 'study.toml', '--out', 'here']
    """
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            return [*front, *rest, word, *waiting]
        if word == "--language" and waiting:
            front += [word, waiting.pop(0)]
        elif word in _FLAGS or word.startswith("--language="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


def asked_language(arguments: Sequence[str]) -> Language | None:
    """
    Return the language asked for; None where none is, or where it is none of ours.

    Parameters
    ----------
    arguments
        The words after the program's name.

    Returns
    -------
    str or None

    Examples
    --------
    >>> asked_language(["demo", "--language=en"])
    'en'
    """
    asked = None
    for position, word in enumerate(arguments):
        if word == "--language":
            asked = "".join(arguments[position + 1 : position + 2])
        elif word.startswith("--language="):
            asked = word.removeprefix("--language=")
    return next((language for language in LANGUAGES if language == asked), None)


def _version(asked: bool) -> None:  # noqa: FBT001  (typer calls it with the value alone)
    if asked:
        typer.echo(f"landready {__version__}")
        raise typer.Exit(DONE)


def _everywhere(
    context: typer.Context,
    *,
    language: Annotated[Language | None, typer.Option("--language")] = None,
    quiet: Annotated[bool, typer.Option("--quiet")] = False,
    debug: Annotated[bool, typer.Option("--debug")] = False,
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,  # noqa: ARG001
) -> None:
    context.obj = Session(language=language or "sv", quiet=quiet, debug=debug, asked=language)


def _put_words(command: TyperCommand | TyperGroup, name: str, language: Language) -> None:
    """Give a command and its parameters their help; the words live in texts/, as all others do."""
    command.help = text(f"cli.{name}_help", language)
    command.rich_help_panel = text("cli.panel_commands", language)
    for param in command.params:
        if isinstance(param, TyperOption | TyperArgument):
            panel = "panel_options" if isinstance(param, TyperOption) else "panel_arguments"
            param.help = text(f"cli.{name}_{param.name}", language)
            param.rich_help_panel = text(f"cli.{panel}", language)
    help_option = command.get_help_option(command.context_class(command))
    if help_option is not None:
        help_option.help = text("cli.help_option", language)
        help_option.rich_help_panel = text("cli.panel_options", language)


def _keep_libraries_quiet(*, debug: bool) -> None:
    """Silence warnings and logs of the libraries: what matters to a user is a finding, in words."""
    if not debug and not sys.warnoptions:
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_pipe()
