"""What a folder holds and what is wrong with it: one line per layer, with a mark that says whether it can be used."""

import html
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pandas as pd

from landready.crs import parse
from landready.errors import Finding, as_path, require_language, some
from landready.layers.abroad import judged_abroad
from landready.layers.elsewhere import judged_elsewhere
from landready.layers.neighbours import seen_by_neighbours
from landready.layers.sorts import files_of, is_one_file, relative_name
from landready.layers.survey import LayerReport, survey
from landready.rules import constraint_rules, roles
from landready.texts import Language, text

__all__ = ["NEEDED", "LayerReport", "QualityReport", "check", "report_of"]

_OUTLINE = "municipality"
_ASKED = ("parcels", _OUTLINE, "roads", "interchanges", "rail", "stations", "water", "plans", "heights", "buildings")
_ANYWHERE = frozenset(_ASKED) - {"plans"}
# Derived from parcels and buildings where the study does not bring them.
_DERIVED = {"home_plots", "built_plots"}
# Reckoned from water where there is no layer of it.
_RECKONED = {"shore_protection"}

NEEDED = tuple(
    dict.fromkeys([*_ASKED, *(rule.role for rule in constraint_rules() if rule.role and rule.role not in _DERIVED)])
)
"""Roles without which a study has something that it cannot say: those of typical criteria, then those of the rules."""

_COLUMNS = ("file", "layer", "role", "certainty", "kind", "count", "crs", "bounds", "mark", "findings")


@dataclass(frozen=True, eq=False)
class QualityReport:
    """
    What a file or folder holds.

    Parameters
    ----------
    name
        Name of the file or folder.
    layers
        One report per layer and raster.
    skipped
        Files that were not looked at, since nothing here reads them.
    missing
        Roles that matter and that no usable layer was recognised for; empty for a single file.
    crs_needed
        The CRS the study has to have for most layers to be used, where it is not the one asked about; else None.
    abroad
        Whether most layers lie outside Sweden. Plans and ancient remains, which are so by Swedish law, are then
        recognised in none, and of the roles that matter only those that any country has are told to be missing.
    """

    name: str
    layers: tuple[LayerReport, ...] = ()
    skipped: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())
    crs_needed: str | None = None
    abroad: bool = False

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, layer by layer."""
        return tuple(finding for layer in self.layers for finding in layer.findings)

    @property
    def frame(self) -> pd.DataFrame:
        """One row per layer: where it is, what it seems to be, its extent, its mark and how many findings there are."""
        rows = [
            {
                **{key: value for key, value in layer.to_dict().items() if key in _COLUMNS},
                "findings": len(layer.findings),
            }
            for layer in self.layers
        ]
        return pd.DataFrame(rows, columns=list(_COLUMNS))

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values that JSON can hold."""
        return {
            "name": self.name,
            "layers": [layer.to_dict() for layer in self.layers],
            "missing": list(self.missing),
            "skipped": list(self.skipped),
            "crs_needed": self.crs_needed,
            "abroad": self.abroad,
        }

    def in_words(self, language: Language = "sv") -> pd.DataFrame:
        """Return one row per layer with headings, marks and findings (one a line) in the language."""
        require_language(language)
        rows = [_row_in_words(layer, language) for layer in self.layers]
        return pd.DataFrame(rows, columns=[text(f"column.{name}", language) for name in _COLUMNS])

    def missing_in_words(self, language: Language = "sv") -> list[str]:
        """Return what the study cannot say without the roles that are missing, and which files were skipped."""
        require_language(language)
        lines = [_missing_in_words(role, language, rules=not self.abroad) for role in self.missing]
        if self.skipped:
            lines.append(text("missing.skipped", language, files=", ".join(self.skipped)))
        return lines

    def _repr_html_(self) -> str:
        lines = "".join(f"<li>{html.escape(line)}</li>" for line in self.missing_in_words())
        with pd.option_context("display.max_colwidth", None):
            shown = self.in_words().to_html(index=False, escape=True).replace("\\n", "<br>")
        return f"<b>{html.escape(self.name)}</b>{shown}<ul>{lines}</ul>"


def _missing_in_words(role: str, language: Language, *, rules: bool) -> str:
    """Return what a study cannot say without a role: of criteria, and which of the Swedish rules are not tested."""
    asking = [rule for rule in constraint_rules() if rule.role == role and role not in _RECKONED]
    labels = [rule.label(language) for rule in asking if rules]
    named = {
        "role": roles()[role].in_language(language),
        "name": role,
        "count": len(labels),
        "rules": some(labels, first=3),
    }
    said = [text("missing.without", language, **named)]
    said += [text(f"missing.{role}", language)] if role in {*_ASKED, *_RECKONED} else []
    said += [text("missing.rules", language, **named)] if labels else []
    return " ".join(said)


def _row_in_words(layer: LayerReport, language: Language) -> list[str]:
    bounds = "–" if layer.bounds is None else ", ".join(f"{value:.0f}" for value in layer.bounds)
    return [
        layer.file,
        layer.layer,
        layer.recognition.role,
        f"{text(f'certainty.{layer.recognition.certainty}', language)} ({layer.recognition.why_in_words(language)})",
        text(f"shape.{layer.kind}", language),
        "–" if layer.count < 0 else str(layer.count),
        layer.crs,
        bounds,
        layer.mark_in_words(language),
        "\n".join(finding.text(language) for finding in layer.findings),
    ]


def check(path: str | os.PathLike[str], *, crs: object | None = None) -> QualityReport:
    """
    Say what a file or folder holds, layer by layer, and what is wrong with it.

    Parameters
    ----------
    path
        A file, or a folder that is searched with all folders in it.
    crs
        The CRS the study would use; None judges each layer by its own.

    Returns
    -------
    QualityReport
        Every problem of the content is a finding in it.

    Raises
    ------
    FileError
        If there is nothing at `path`.
    CrsError
        If `crs` is no CRS.
    """
    root = as_path(path)
    if crs is not None:
        parse(crs)
    reports, needed = judged_elsewhere(root, [report for report, _ in survey(root, crs=crs)])
    reports, abroad = judged_abroad(root, reports, crs=crs)
    report = report_of(root, reports)
    missing = tuple(role for role in report.missing if role in _ANYWHERE) if abroad else report.missing
    return replace(report, crs_needed=needed, abroad=abroad, missing=missing)


def report_of(root: Path, layers: tuple[LayerReport, ...]) -> QualityReport:
    """Return the report of a file or folder whose layers have been looked at."""
    layers = seen_by_neighbours(layers)
    if not root.is_dir() or is_one_file(root):
        return QualityReport(root.name, layers)
    there = {layer.recognition.role for layer in layers if layer.mark != "not_usable"}
    there |= {_OUTLINE} if "area" in there else set()
    return QualityReport(
        name=root.name,
        layers=layers,
        skipped=tuple(relative_name(file, root) for file in files_of(root, "other")),
        missing=tuple(role for role in NEEDED if role not in there),
    )
