"""What the map says about the data, for those who read it: not what the study's author should do about it.

Findings of one kind become one sentence, layers go by what they are, and sources that are alike stand together. The
terminal, `manifest.json` and `--json` have every finding as it was found.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from landready.alike import of_a_kind, subject_of
from landready.errors import Finding
from landready.model import Layer, Raster
from landready.rules import roles
from landready.texts import Language, catalogue, text
from landready.webmap.ground import layer_title, role_title

PINNED = frozenset(
    {
        "constraint_include_used",
        "constraint_nothing_built",
        "constraint_built_unasked",
        "constraints_untested",
        "constraint_no_layer",
    }
)
"""Findings that stand open on the page: land taken in against a constraint, built land as unbuilt, the untested."""

# What a finding is about besides its layer.
_SUBJECTS = ("constraint", "label", "criterion")


def told_to_readers(
    findings: Sequence[Finding | str], titles: Mapping[str, str], language: Language
) -> list[dict[str, Any]]:
    """
    Return the findings in sentences for readers, those of one kind together.

    Parameters
    ----------
    findings
        In the order they were found; texts are told as they are.
    titles
        What people call each layer, by its name in the study.
    language
        Of the sentences.

    Returns
    -------
    list of dict
        `severity`, `text`, `pinned` (stands open on the page).
    """
    found = [finding for finding in findings if isinstance(finding, Finding)]
    plain = [finding for finding in findings if not isinstance(finding, Finding)]
    told = [
        {"severity": alike[0].severity, "text": said, "pinned": alike[0].key in PINNED}
        for alike in of_a_kind(found)
        for said in _sentences(alike[0].key, alike, titles, language)
    ]
    return told + [{"severity": "note", "text": said, "pinned": False} for said in plain]


def layer_titles(entries: Iterable[Layer | Raster | str], language: Language) -> dict[str, str]:
    """Return what people call each layer, by the name it has in the study."""
    entries = list(entries)
    layers = [entry for entry in entries if isinstance(entry, Layer)]
    titles = {layer.name: layer_title(layer.name, layer, layers, language) for layer in layers}
    rasters = [entry.name for entry in entries if isinstance(entry, Raster)]
    return titles | {name: role_title(name, language) if name in roles() else name for name in rasters}


def source_lines(entries: Iterable[Layer | Raster | str], titles: Mapping[str, str], language: Language) -> list[str]:
    """Return the sources, each with the layers that come from it; those without a source last."""
    alike: dict[tuple[str, ...], list[str]] = {}
    lines: list[str] = []
    for entry in entries:
        if isinstance(entry, str):
            lines.append(entry)
            continue
        # What is derived from several layers has their sources joined, which may be the same.
        source = " + ".join(dict.fromkeys((entry.source or _unknown(language)).split(" + ")))
        told = [source, *([str(entry.date)] if entry.date else [])]
        told += [text("word.modelled", language)] if entry.modelled else []
        alike.setdefault(tuple(told), []).append(titles[entry.name])
    for (source, *more), names in sorted(alike.items(), key=lambda item: item[0][0] == _unknown(language)):
        others = [name for name in names if name != source]
        said = text("map.source_line", language, name=_listed(others), source=source) if others else source
        lines.append(" · ".join([said, *more]))
    return lines


def _unknown(language: Language) -> str:
    return text("map.source_unknown", language)


def _sentences(key: str, alike: Sequence[Finding], titles: Mapping[str, str], language: Language) -> list[str]:
    known = catalogue(language)
    if f"readers.{key}" in known:
        one = f"readers.{key}_one"
        count = len({finding.values.get("constraint", position) for position, finding in enumerate(alike)})
        chosen = one if count == 1 and one in known else f"readers.{key}"
        return [text(chosen, language, count=count, items=_items(key, alike, titles, language))]
    said = [_as_found(finding, titles, language) for finding in alike]
    layers = [_title(finding, titles) for finding in alike[1:]]
    about_more = any(name in finding.values for finding in alike for name in _SUBJECTS)
    if len(alike) > 2 and all(layers) and not about_more:
        return [said[0], text("readers.likewise", language, items=_listed(layers))]
    return said


def _as_found(finding: Finding, titles: Mapping[str, str], language: Language) -> str:
    """Return a finding in its own words, with layers by what they are and without its place in the study file."""
    named = {
        name: titles.get(str(value), value) for name, value in finding.values.items() if name in {"layer", "nearest"}
    }
    return Finding(finding.key, {**finding.values, **named}).text(language)


def _items(key: str, alike: Sequence[Finding], titles: Mapping[str, str], language: Language) -> str:
    """Return what the findings are about: layers with a detail each, or rules and criteria between quotes."""
    if key == "constraint_no_layer":
        return _listed([_missing(str(finding.values["layer"]), language) for finding in alike])
    layers: dict[str, list[str]] = {}
    for finding in alike:
        about = [] if key == "criterion_no_layer" else [_title(finding, titles)]
        layers.setdefault("".join(about), []).extend(_details(finding, language))
    parts = []
    for title, details in layers.items():
        told = _listed(details)
        parts.append(f"{title} ({told})" if title and told else title or told)
    return _listed(parts)


def _details(finding: Finding, language: Language) -> list[str]:
    values = finding.values
    about = subject_of(finding, _SUBJECTS)
    if about:
        return [about]
    if "percent" in values:
        return [f"{values['percent']:.0f}\N{NO-BREAK SPACE}%"]
    if "count" in values and "total" in values:
        return [text("readers.of", language, count=values["count"], total=values["total"])]
    return []


def _title(finding: Finding, titles: Mapping[str, str]) -> str:
    name = str(finding.values.get("layer", ""))
    return titles.get(name, name)


def _missing(name: str, language: Language) -> str:
    """Return what a layer that is not there would be."""
    return roles()[name].in_language(language) if name in roles() else name.replace("_", " ")


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(part for part in parts if part))
