"""A study: one file in, one assessment out, in a handful of visible steps."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landready.criteria.measuring import measure
from landready.errors import (
    Finding,
    LandreadyError,
    StudyError,
    as_path,
    function_findings,
    name_list_findings,
    refuse,
    require_kind,
)
from landready.land.classes import classify_land
from landready.land.joining import assemble
from landready.land.plans import with_plan
from landready.layers.adapter import as_layer
from landready.layers.division import overlap_findings
from landready.model import Layer, Ledger, Progress, Sites
from landready.pipeline.area import chosen, parcels_within, study_area
from landready.pipeline.assessment import Assessment
from landready.pipeline.gaps import gap_findings
from landready.pipeline.inputs import Inputs, read_inputs, with_extents, with_valid_evidence
from landready.pipeline.names import name_findings, near_rule_findings
from landready.pipeline.questions import question_findings, rule_findings, with_unread
from landready.pipeline.restrictions import constraints_of, with_plots, with_shore
from landready.pipeline.shipped import answerable, second_layer_findings, with_shipped
from landready.pipeline.streets import street_findings
from landready.pipeline.unknowns import criteria_of_nothing, partly_unknown
from landready.pipeline.vocabulary import value_findings
from landready.pipeline.weighed import weighed_findings
from landready.rules import roles
from landready.scoring.scorecard import score
from landready.spec import Profile, StudySpec, nearest_name
from landready.study_file import loaded, with_lines


@dataclass(frozen=True, eq=False)
class Study:
    """
    One declarative run: area, layers, rules, profiles.

    Parameters
    ----------
    spec
        What the study file says.
    folder
        Where its paths start.
    written
        The text of the study file, by which errors tell the line; empty where there is none.

    Examples
    --------
    >>> import landready
    >>> study = landready.Study.from_toml(landready.example_study())
    >>> study.spec.study.id
    'lerum'
    """

    spec: StudySpec
    folder: Path
    written: str = ""

    def __post_init__(self) -> None:
        require_kind(self.spec, StudySpec, name="spec", wanted="StudySpec")
        object.__setattr__(self, "folder", as_path(self.folder, name="folder"))

    @classmethod
    def from_toml(cls, path: str | Path) -> "Study":
        """
        Read and check a study file.

        Parameters
        ----------
        path
            The study file; its layers' paths start in its folder.

        Returns
        -------
        Study

        Raises
        ------
        StudyError
            With everything that is wrong with the file, and if anything is, with the layers it names.
        """
        folder = as_path(path).resolve().parent

        def besides(spec: StudySpec) -> list[Finding]:
            sound = _with_known_roles(spec)
            inputs, problems = _problems(sound, folder, _silent)
            return problems or rule_findings(sound, inputs)

        spec, written = loaded(path, fill=with_shipped, also=name_findings, besides=besides)
        return cls(spec, folder, written)

    def run(self, *, progress: Progress | None = None, profiles: Sequence[str] | None = None) -> Assessment:
        """
        Run the study.

        Parameters
        ----------
        progress
            Called as `progress(step, done, total)`.
        profiles
            Ids of the profiles to score; None for all.

        Returns
        -------
        Assessment

        Raises
        ------
        StudyError
            With every reason why the study cannot be run.
        InputError
            For arguments of the wrong kind.
        """
        refuse(
            [
                *function_findings(progress, name="progress"),
                *([] if profiles is None else name_list_findings(profiles, name="profiles")),
            ]
        )
        tell = progress or _silent
        wanted = self.chosen_profiles(profiles)
        try:
            return self._run(wanted, tell)
        except LandreadyError as error:
            raise with_lines(StudyError(*error.findings), self.written) from error

    def chosen_profiles(self, ids: Sequence[str] | None) -> list[Profile]:
        """Return the profiles with these ids, all of them for None; refuse ids that there are none of."""
        known = {profile.id: profile for profile in self.spec.profiles}
        unknown = [name for name in ids or () if name not in known]
        if unknown:
            raise StudyError(
                *(Finding("study_no_profile", {"name": name, "profiles": ", ".join(known)}) for name in unknown)
            )
        return [known[name] for name in ids] if ids is not None else list(known.values())

    def _run(self, profiles: Sequence[Profile], tell: Progress) -> Assessment:
        inputs, problems = _problems(self.spec, self.folder, tell)
        if problems:
            raise StudyError(*problems)

        tell("area", 0, 1)
        everything = as_layer(inputs.with_role("parcels")[0], name="parcels", kinds=["polygon"])
        area = study_area(self.spec, inputs, everything)
        parcels = parcels_within(everything, area)
        uncovered, gaps = gap_findings(area, parcels, inputs.with_role("water"))
        uncovered += overlap_findings(parcels.frame, layer=parcels.name)
        parcels = replace(parcels, ledger=parcels.ledger + gaps)
        inputs = with_valid_evidence(with_extents(inputs, self.spec, area), self.spec)
        plans = inputs.with_role("plans")
        parcels = with_plan(parcels, plans[0]) if plans else parcels
        inputs = with_shore(with_plots(inputs, self.spec, parcels), self.spec)
        tell("area", 1, 1)

        tell("classify_land", 0, 1)
        constraints, untested = constraints_of(self.spec, inputs)
        land = classify_land(parcels, constraints)
        tell("classify_land", 1, 1)

        tell("assemble", 0, 1)
        sites = assemble(
            land,
            min_site_ha=self.spec.sites.min_site_ha,
            max_site_ha=self.spec.sites.max_site_ha,
            min_width_m=self.spec.sites.min_width_m,
            barriers=[self._barrier(position, inputs) for position in range(len(self.spec.sites.barriers))],
        )
        tell("assemble", 1, 1)

        tell("measure", 0, 1)
        asked, unasked = answerable(self.spec, inputs)
        measured = measure(_as_site_layer(sites, parcels), {**inputs.layers, **inputs.rasters}, asked.criteria)
        tell("measure", 1, 1)

        scorecards = {}
        for position, profile in enumerate(profiles):
            tell("score", position, len(profiles))
            scorecards[profile.id] = score(measured, profile)
        tell("score", len(profiles), len(profiles))

        return Assessment(
            spec=self.spec,
            folder=self.folder,
            area=area,
            inputs=inputs,
            land=land,
            sites=sites,
            measured=measured,
            scorecards=scorecards,
            findings=(
                *untested,
                *inputs.findings,
                *uncovered,
                *street_findings(land, layer=parcels.name),
                *sites.findings,
                *near_rule_findings(self.spec),
                *_unmeasured(self.spec, inputs),
                *unasked,
                *second_layer_findings(self.spec),
                *criteria_of_nothing(measured, inputs.layers, asked.criteria, self.spec.study.language),
                *partly_unknown(measured, self.spec.criteria, self.spec.study.language),
                *_small_percents(self.spec),
                *value_findings(asked, inputs),
                *weighed_findings(scorecards.values(), self.spec.study.language),
            ),
        )

    def _barrier(self, position: int, inputs: Inputs) -> Layer:
        barrier = self.spec.sites.barriers[position]
        layer = chosen(inputs.layers[barrier.layer], barrier.where)
        if "width_m" in layer.frame.columns:
            return layer.with_frame(layer.frame.assign(width_m=layer.frame["width_m"].fillna(barrier.width_m)))
        return layer.with_frame(layer.frame.assign(width_m=barrier.width_m))


def _problems(spec: StudySpec, folder: Path, tell: Progress) -> tuple[Inputs, list[Finding]]:
    """Return the layers that can be read, and all that is wrong with any, or with what the study asks of them."""
    inputs, problems = read_inputs(spec, folder, progress=tell)
    problems += question_findings(spec, inputs)
    if problems:  # what is wrong with the rules alone is told as they are made
        problems += rule_findings(spec, inputs)
    return inputs, with_unread(problems, inputs)


def _with_known_roles(spec: StudySpec) -> StudySpec:
    """Return the study without the layers whose role is unknown: that is told of them already."""
    known = {name: layer for name, layer in spec.layers.items() if layer.role is None or layer.role in roles()}
    return spec.model_copy(update={"layers": known})


def _as_site_layer(sites: Sites, parcels: Layer) -> Layer:
    """Sites are as modelled as the parcels they are made of."""
    return replace(parcels, name="sites", role=None, frame=sites.frame, known_extent=None, ledger=Ledger.empty())


def _unmeasured(spec: StudySpec, inputs: Inputs) -> list[Finding]:
    """Return a finding for every criterion that is unknown everywhere for want of its layer."""
    there = {*inputs.layers, *inputs.rasters}
    return [
        Finding(
            "criterion_no_layer",
            {
                "criterion": criterion.label(spec.study.language),
                "layer": criterion.layer,
                "nearest": nearest_name(criterion.layer, there),
            },
            "warning",
        )
        for criterion in spec.criteria
        if criterion.layer is not None and criterion.layer not in there
    ]


def _small_percents(spec: StudySpec) -> list[Finding]:
    """Return a finding for every value function that ends at 1 percent or below: perhaps shares were meant."""
    asked = [(f"criteria.{criterion.id}", criterion.value) for criterion in spec.criteria]
    asked += [(f"profiles.{each.id}.values.{name}", own) for each in spec.profiles for name, own in each.values.items()]
    return [
        Finding("value_small_percent", {"where": where, "largest": f"{value.points[-1][0]:g}"}, "note")
        for where, value in asked
        if where.endswith("_pct") and value.points[-1][0] <= 1
    ]


def _silent(_step: str, _done: int, _total: int) -> None:
    """Tell nobody."""
