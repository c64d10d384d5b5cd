"""Wrong usage of the command line in our words: typer tells it in English only."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

import typer
from typer.core import TyperGroup

from landready.texts import Language, text

# What all errors of usage are made from. Newer typer holds a copy of click, of whose errors it exports one.
UsageError: type[Exception] = typer.BadParameter.__bases__[0]


def in_words(error: Any, group: TyperGroup, language: Language) -> str:
    """
    Say what is wrong with the words after the program's name, and where help is.

    Parameters
    ----------
    error
        A `UsageError`. Its kind goes by its name, since there may be two copies of each class.
    group
        The whole command line.
    language
        `"sv"` or `"en"`.
    """
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error.message)  # the help itself; empty where it has been shown already
    key, values, nearest = _facts(error, group)
    said = text(f"usage.{key}", language, **values)
    if nearest:
        said += " " + text("usage.nearest", language, nearest=", ".join(nearest))
    command = error.ctx.command_path if error.ctx else group.name
    return f"{said}\n{text('usage.help', language, command=command)}"


def _facts(error: Any, group: TyperGroup) -> tuple[str, dict[str, str], list[str]]:
    """Return the key of the text, its fields, and what was perhaps meant."""
    kind = type(error).__name__
    # The words that were given: not every error keeps them elsewhere than in its message.
    quoted = [match[0][1:-1] for match in re.finditer("'[^']*'|\"[^\"]*\"", error.message)]
    if kind == "MissingParameter":
        return f"missing_{error.param.param_type_name}", {"name": _name(error.param)}, []
    if kind == "NoSuchOption":
        options = [option for param in error.ctx.command.params for option in param.opts]
        return "no_option", {"name": error.option_name}, _nearest(error.option_name, options)
    if kind == "BadOptionUsage":
        key = "value_unwanted" if _is_flag(error.option_name, group) else "value_missing"
        return key, {"name": error.option_name}, []
    if kind == "BadParameter" and len(quoted) > 1:
        value, *choices = quoted
        return "choice", {"name": _name(error.param), "value": value, "choices": ", ".join(choices)}, []
    if kind == "BadParameter":
        return "value", {"name": _name(error.param)}, []
    return _facts_of_words(error, quoted, group)


def _facts_of_words(error: Any, quoted: list[str], group: TyperGroup) -> tuple[str, dict[str, str], list[str]]:
    """Return the same for errors about words that are no options: too many, or none or an unknown one for a command."""
    if error.ctx and not isinstance(error.ctx.command, TyperGroup):
        words = re.search(r" \((.*)\)", error.message)
        return "too_many", {"words": words[1] if words else "–"}, []
    if not quoted:
        return "missing_command", {"commands": ", ".join(group.commands)}, []
    return "no_command", {"name": quoted[0]}, _nearest(quoted[0], group.commands)


def _name(param: Any) -> str:
    """Return what a parameter is called in the help."""
    return str(max(param.opts, key=len) if param.param_type_name == "option" else param.metavar or param.name)


def _is_flag(option: str, group: TyperGroup) -> bool:
    params = [param for command in (group, *group.commands.values()) for param in command.params]
    return any(option in param.opts and getattr(param, "is_flag", False) for param in params)


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    return difflib.get_close_matches(name, list(known), n=1)
