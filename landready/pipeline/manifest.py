"""What a result was made of: inputs with their hashes, rules, versions, and the files written."""

import datetime as dt
import hashlib
import os
import platform
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from landready import __version__
from landready.crs import label
from landready.layers.detaljplan.sniffing import plan_files
from landready.pipeline.audience import Withheld
from landready.pipeline.inputs import Inputs
from landready.pipeline.outputs import sha256
from landready.pipeline.recalled import LIBRARIES, fingerprint
from landready.pipeline.restrictions import rules_of
from landready.spec import ConstraintRule, Profile, StudySpec

_NOTHING = Withheld(frozenset(), frozenset(), frozenset())


def build_manifest(
    spec: StudySpec, folder: Path, inputs: Inputs, states: Mapping[str, str], withheld: Withheld
) -> dict[str, Any]:
    """
    Return the manifest of a run, all of it JSON.

    Parameters
    ----------
    spec, folder, inputs
        Of the study that ran.
    states
        Name of a constraint → whether it was tested, as of `constraint_table`.
    withheld
        What the audience must not know of.

    Returns
    -------
    dict
        `created` is the one thing that differs between two runs; SOURCE_DATE_EPOCH sets it.
    """
    # Many layers lie in one file, which is hashed once.
    paths = {folder / entry.path for entry in spec.layers.values()}
    hashes = {path: _digest(path) for path in paths}
    # For those who see everything: what is measured again only where something has changed.
    told = {"fingerprint": fingerprint(spec, folder, known=hashes)} if withheld == _NOTHING else {}
    return {
        "created": _clock(),
        **told,
        "landready": __version__,
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in LIBRARIES},
        # The audience and language of the files are told beside their names, by whoever wrote them.
        "study": spec.study.model_dump(mode="json", exclude={"audience", "language"}),
        "area": spec.area.model_dump(mode="json", exclude_none=True),
        "sites": spec.sites.model_dump(mode="json"),
        "inputs": {
            name: _input(name, spec, hashes[folder / entry.path], inputs)
            for name, entry in spec.layers.items()
            if name not in withheld.layers
        },
        "owner_tables": {
            name: {"file": Path(entry.owners.path).name, "sha256": _digest(folder / entry.owners.path)}
            for name, entry in spec.layers.items()
            if entry.owners is not None and Path(entry.owners.path).name not in withheld.layers
        },
        "constraints": [
            {**rule.model_dump(mode="json", exclude_none=True), "state": _state(rule, states)}
            for rule in rules_of(spec)
        ],
        "criteria": [
            criterion.model_dump(mode="json", exclude_none=True)
            for criterion in spec.criteria
            if criterion.id not in withheld.criteria
        ],
        "profiles": [_profile(profile, withheld.criteria) for profile in spec.profiles],
        # That something was weighed which is not told may be known, what it was not.
        "withheld_criteria": len(withheld.criteria),
    }


def _digest(path: Path) -> str | None:
    """Return the hash of a file, or of the hashes of all plan files of a folder."""
    if path.is_file():
        return sha256(path)
    plans = [f"{file.relative_to(path).as_posix()} {sha256(file)}" for file in plan_files(path)]
    return hashlib.sha256("\n".join(plans).encode()).hexdigest() if plans else None


def _profile(profile: Profile, withheld: Collection[str]) -> dict[str, Any]:
    described = profile.model_dump(mode="json")
    for part in ("weights", "requirements", "values"):
        described[part] = {key: value for key, value in described[part].items() if key not in withheld}
    return described


def _state(rule: ConstraintRule, states: Mapping[str, str]) -> str:
    """Return whether a rule was tested; on several layers it is a constraint for each."""
    own = {state for name, state in states.items() if name == rule.id or name.startswith(f"{rule.id}:")}
    return own.pop() if len(own) == 1 else "partly_tested"


def _clock() -> str:
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else dt.datetime.now(dt.UTC)
    return moment.isoformat(timespec="seconds")


def _input(name: str, spec: StudySpec, digest: str | None, inputs: Inputs) -> Mapping[str, Any]:
    entry = spec.layers[name]
    described: dict[str, Any] = {
        # The file's name, never its path: a folder's name may tell who works on what.
        "file": Path(entry.path).name,
        "sha256": digest,
        "layer": entry.layer,
        "role": entry.role,
        "known_extent": spec.known_extent_of(name),
        "date": entry.date.isoformat() if entry.date else None,
        "source": entry.source,
        "modelled": entry.modelled,
    }
    if name in inputs.layers:
        layer = inputs.layers[name]
        return {**described, "features": len(layer.frame), "crs": label(layer.crs)}
    raster = inputs.rasters[name]
    return {**described, "shape": list(raster.values.shape), "crs": label(raster.crs)}
