"""What a study found out, and every form it can be handed over in."""

import html
import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd
from shapely.geometry.base import BaseGeometry

from landready.errors import (
    FileError,
    Finding,
    StudyError,
    as_path,
    choice_findings,
    function_findings,
    number_findings,
    refuse,
    require_kind,
    require_language,
    text_findings,
)
from landready.model import Audience, Land, Layer, Ledger, Measured, Progress, Raster, Scorecard, Sites
from landready.pipeline.audience import Withheld, withheld_from
from landready.pipeline.firmness import Firmness, firmness_of
from landready.pipeline.inputs import Inputs
from landready.pipeline.manifest import build_manifest
from landready.pipeline.outputs import MANIFEST, moved_in_whole, sha256
from landready.pipeline.tested import constraint_table
from landready.pipeline.touching import restrictions_of_sites
from landready.reports.frames import evidence_table, ledger_table, parcel_table, score_table, site_table
from landready.reports.geopackage import write_geopackage
from landready.reports.tables import write_csv
from landready.scoring.places import best_in_words
from landready.scoring.weightings import Weighting
from landready.spec import StudySpec
from landready.texts import Language, number, text

if TYPE_CHECKING:
    from landready.webmap.page import SiteMap

LAND_CLASSES = ("free", "conditional", "excluded", "unmapped")


@dataclass(frozen=True, eq=False)
class Assessment:
    """
    The result of a study.

    Parameters
    ----------
    spec, folder
        The study that was run.
    area
        The study area, in the study's CRS.
    inputs
        The layers it stands on.
    land
        The parcels in four classes of land.
    sites
        The sites, the same for every profile.
    measured
        What was measured about each site.
    scorecards
        Profile id → scorecard.
    findings
        What is worth knowing about the inputs.
    """

    spec: StudySpec
    folder: Path
    area: BaseGeometry
    inputs: Inputs
    land: Land
    sites: Sites
    measured: Measured
    scorecards: dict[str, Scorecard]
    findings: tuple[Finding, ...]
    _firm: dict[tuple[str, Language, frozenset[str]], Firmness] = field(default_factory=dict, init=False, repr=False)

    @property
    def ledger(self) -> Ledger:
        """Everything that left the flow, from reading to measuring."""
        read = sum((layer.ledger for layer in self.inputs.layers.values()), Ledger.empty())
        return read + self.land.ledger + self.sites.ledger + self.measured.ledger

    @property
    def constraints(self) -> pd.DataFrame:
        """Every rule that applies, with what it touches, or that it was not tested: see `constraint_table`."""
        return constraint_table(self.spec, self.inputs, self.land.constraints)

    @property
    def modelled(self) -> bool:
        """Whether anything in it is modelled."""
        layers, rasters = self.inputs.layers.values(), self.inputs.rasters.values()
        return any(layer.modelled for layer in layers) or any(raster.modelled for raster in rasters)

    def watermark(self, language: Language | None = None) -> str | None:
        """
        Return what must stand on every output: that it is modelled; None if nothing is.

        Where parcels or plans are modelled, nothing in it is a real place; otherwise the layers that are modelled are
        named.
        """
        language = self._language(language)
        entries: list[Layer | Raster] = [*self.inputs.layers.values(), *self.inputs.rasters.values()]
        modelled = [entry for entry in entries if entry.modelled]
        if not modelled:
            return None
        if any(layer.modelled for role in ("parcels", "plans") for layer in self.inputs.with_role(role)):
            return text("summary.modelled", language)
        return text("summary.partly_modelled", language, layers=", ".join(entry.name for entry in modelled))

    def manifest(self, *, audience: Audience | None = None) -> dict[str, Any]:
        """
        Return what the result was made of: inputs with hashes, rules, versions, clock.

        Parameters
        ----------
        audience
            `"intern"` or `"extern"`; the study's by default.
        """
        states = {str(name): str(state) for name, state in self.constraints["state"].items()}
        withheld = withheld_from(self._audience(audience), self.spec)
        return build_manifest(self.spec, self.folder, self.inputs, states, withheld)

    def to_map(
        self,
        path: str | Path | None = None,
        *,
        audience: Audience | None = None,
        language: Language | None = None,
        compare: "Assessment | None" = None,
        hillshade: bool | None = None,
        online_tiles: Literal["osm", "topowebb"] | None = None,
    ) -> "SiteMap":
        """
        Return the map, and write it where `path` says.

        Parameters
        ----------
        path
            An HTML file to write; None for none.
        audience
            `"intern"` or `"extern"`; the study's by default.
        language
            `"sv"` or `"en"`; the study's by default.
        compare
            Another result, of another year or scenario, that the map shows too, with which sites moved and why.
        hillshade
            Whether heights are shown beneath as shadow and light, where the study has them; as the study says by
            default.
        online_tiles
            `"osm"` or `"topowebb"`: a background map that the page fetches as it is looked at, over the study's own.
            The host sees what is looked at. None: the file fetches nothing. `"topowebb"` wants a key in the
            environment (`LANDREADY_TILES_KEY`), which stands readable in the file.

        Returns
        -------
        SiteMap
            A folium map, which a notebook shows in its cell.
        """
        from landready.pipeline.mapped import map_payload
        from landready.webmap.page import save, site_map

        audience, language = self._audience(audience), self._language(language)
        file = None if path is None else _writable(path)
        if compare is not None:
            require_kind(compare, Assessment, name="compare", wanted="Assessment")
        payload = map_payload(
            self,
            audience=audience,
            language=language,
            firmness=self._firm_tables(language, withheld_from(audience, self.spec)),
            shaded=self.spec.map.hillshade if hillshade is None else hillshade,
            online_tiles=online_tiles,
            compare=compare,
        )
        return site_map(payload) if file is None else save(payload, file)

    def to_gpkg(self, path: str | Path, *, audience: Audience | None = None) -> None:
        """
        Write everything as one new GeoPackage.

        Parameters
        ----------
        path
            The file; one that is there is replaced when the new one is whole.
        audience
            `"intern"` or `"extern"`; the study's by default.
        """
        audience, file = self._audience(audience), _writable(path)
        withheld = withheld_from(audience, self.spec)
        # A layer may be opened alone: each says itself whether its ground is modelled.
        ground = {"modelled": any(layer.modelled for layer in self.inputs.with_role("parcels"))}
        tables = {
            "sites": site_table(self.sites, self.measured, withheld=withheld.criteria).assign(**ground),
            "land": self.land.parts.assign(**ground),
            "parcels": parcel_table(self.land, audience).assign(**ground),
            "members": self.sites.members.assign(**ground),
            "scores": score_table(
                self.scorecards, self._firm_tables(self.spec.study.language, withheld), withheld=withheld.criteria
            ),
            "evidence": evidence_table(self.measured, withheld=withheld.criteria),
            "constraints": self.constraints,
            "ledger": ledger_table(self.ledger, audience, withheld.layers).in_words(self.spec.study.language),
        }
        date = self.spec.study.date.isoformat()
        mark = self.watermark()
        _replaced_whole(file, lambda unfinished: write_geopackage(unfinished, tables, date=date, watermark=mark))

    def to_csv(
        self,
        path: str | Path,
        *,
        profile: str | None = None,
        audience: Audience | None = None,
        language: Language | None = None,
    ) -> None:
        """
        Write the sites, what was measured and how one profile judges them as CSV.

        Parameters
        ----------
        path
            The file; one that is there is replaced when the new one is whole.
        profile
            Profile id; the first by default.
        audience
            `"intern"` or `"extern"`; the study's by default.
        language
            `"sv"`: semicolons and decimal commas; `"en"`: commas and points.
        """
        language, file = self._language(language), _writable(path)
        name = self._profile(profile)
        withheld = withheld_from(self._audience(audience), self.spec)
        table = pd.DataFrame(site_table(self.sites, self.measured, withheld=withheld.criteria).drop(columns="geometry"))
        if name is not None:
            firm = self._firm_tables(language, withheld, [name])[name]
            table = (
                self.scorecards[name]
                .frame.join(firm)
                .join(table)
                .sort_values(["rank", "total"], ascending=[True, False], kind="stable")
            )
        mark = self.watermark(language)
        if mark is not None:  # in every row: rows are copied into other tables
            table = table.assign(watermark=mark)
        _replaced_whole(file, lambda unfinished: write_csv(unfinished, table, language=language))

    def to_pictures(
        self,
        folder: str | Path,
        *,
        profile: str | None = None,
        top: int = 10,
        form: Literal["png", "pdf"] = "png",
        audience: Audience | None = None,
        language: Language | None = None,
    ) -> list[Path]:
        """
        Draw pictures for a report: an overview, and one of each of the best sites.

        Parameters
        ----------
        folder
            Made if it is not there; pictures of the same names are replaced.
        profile
            Profile id; the first by default.
        top
            How many sites have a picture of their own, best first.
        form
            `"png"` (A4 at 150 dots per inch) or `"pdf"`.
        audience
            `"intern"` or `"extern"`; the study's by default.
        language
            `"sv"` or `"en"`; the study's by default.

        Returns
        -------
        list of pathlib.Path
            The overview first, then the sites by rank.

        Raises
        ------
        StudyError
            If the study has no profile to judge sites by.
        """
        from landready.pipeline.mapped import context_of, sources_of
        from landready.reports.pictures import Sheet, write_pictures
        from landready.webmap.readers import layer_titles, source_lines

        audience, language = self._audience(audience), self._language(language)
        refuse(
            [
                *choice_findings(form, name="form", choices=("png", "pdf")),
                *number_findings(top, name="top", minimum=0),
            ]
        )
        place = as_path(folder, name="folder")
        if place.exists() and not place.is_dir():
            raise FileError(Finding("not_a_folder", {"path": place}))
        name = self._profile(profile)
        if name is None:
            raise StudyError(Finding("study_no_profiles"))
        withheld = withheld_from(audience, self.spec).layers
        sources = sources_of(self.inputs, withheld)
        sheet = Sheet(
            title=self.spec.study.title.in_language(language),
            date=self.spec.study.date.isoformat(),
            audience=text(f"map.{audience}", language),
            watermark=self.watermark(language),
            sources=source_lines(sources, layer_titles(sources, language), language),
            language=language,
        )
        place.mkdir(parents=True, exist_ok=True)
        return write_pictures(
            place,
            sheet=sheet,
            sites=self.sites.frame,
            card=self.scorecards[name],
            context=context_of(self.spec, self.inputs, withheld),
            land=self.land,
            top=int(top),
            form=form,
        )

    def write(
        self,
        out: str | Path,
        *,
        audience: Audience | None = None,
        language: Language | None = None,
        compare: "Assessment | None" = None,
        online_tiles: Literal["osm", "topowebb"] | None = None,
        progress: Progress | None = None,
    ) -> list[Path]:
        """
        Write map, GeoPackage, tables and manifest, and move them into place whole.

        Parameters
        ----------
        out
            Folder; made if it is not there.
        audience, language
            The study's by default.
        compare
            Another result that the map shows too, as in `to_map`.
        online_tiles
            A background map that the page fetches, as in `to_map`.
        progress
            Called as `progress("write", done, total)`.

        Returns
        -------
        list of pathlib.Path
            The files, the map first and the manifest last.
        """
        audience, language = self._audience(audience), self._language(language)
        refuse(function_findings(progress, name="progress"))
        folder = as_path(out, name="out")
        if folder.exists() and not folder.is_dir():
            raise FileError(Finding("not_a_folder", {"path": folder}))
        steps: dict[str, Callable[[Path], Any]] = {
            f"{self.spec.study.id}-karta-{audience}.html": partial(
                self.to_map, audience=audience, language=language, compare=compare, online_tiles=online_tiles
            ),
            f"{self.spec.study.id}-resultat-{audience}.gpkg": partial(self.to_gpkg, audience=audience),
        }
        for name in self.scorecards:
            steps[f"{self.spec.study.id}-{name}-{audience}.csv"] = partial(
                self.to_csv, profile=name, audience=audience, language=language
            )
        tell = progress or (lambda _step, _done, _total: None)
        with moved_in_whole(folder) as staging:
            for position, (name, write) in enumerate(steps.items()):
                tell("write", position, len(steps))
                write(staging / name)
            hashes = {name: sha256(staging / name) for name in steps}
            manifest = {
                **self.manifest(audience=audience),
                "audience": audience,
                "language": language,
                "outputs": hashes,
            }
            mark = self.watermark(language)
            manifest |= {"watermark": mark} if mark else {}
            told = withheld_from(audience, self.spec).told(self.findings)
            manifest["findings"] = [finding.text(language) for finding in told]
            (staging / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")
        tell("write", len(steps), len(steps))
        return [folder / name for name in (*steps, MANIFEST)]

    def firmness(
        self,
        profile: str | None = None,
        *,
        weights: Weighting | None = None,
        draws: int = 10_000,
        seed: int = 0,
        shortlist: int = 3,
        language: Language | None = None,
    ) -> Firmness:
        """
        Return how firm a profile's ranking is: under other weights, and where values are not sure.

        Parameters
        ----------
        profile
            Profile id; the first by default.
        weights
            What to try, such as `landready.scoring.ordinal_weights(...)`; None for weights between half and one and a
            half of the profile's.
        draws, seed, shortlist
            As for `landready.smaa`.
        language
            Of the sentences; the study's by default.

        Returns
        -------
        Firmness

        Raises
        ------
        StudyError, InputError
            If there is no such profile, or an argument is not as said.
        """
        name = self._profile(profile)
        if name is None:
            raise StudyError(Finding("study_no_profile", {"name": "–", "profiles": "–"}))
        return firmness_of(
            self.scorecards[name],
            weights=weights,
            draws=draws,
            seed=seed,
            shortlist=shortlist,
            language=self._language(language),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return a summary as plain values, for programs."""
        language = self.spec.study.language
        return {
            "study": self.spec.study.id,
            "title": self.spec.study.title.in_language(language),
            "date": self.spec.study.date.isoformat(),
            "modelled": self.modelled,
            "watermark": self.watermark(),
            "parcels": len(self.land.frame),
            "land_ha": self.land_totals(),
            "sites": len(self.sites.frame),
            "profiles": {name: _shortlist(card) for name, card in self.scorecards.items()},
            "findings": [finding.text(language) for finding in self.findings],
        }

    def land_totals(self) -> dict[str, float]:
        """Return the hectares of each class of land in the study area."""
        return {name: float(self.land.frame[f"{name}_ha"].sum()) for name in LAND_CLASSES}

    def summary(self, language: Language | None = None) -> str:
        """Return the result in a few lines of words."""
        language = self._language(language)
        lines = [self.spec.study.title.in_language(language)]
        mark = self.watermark(language)
        lines += [mark] if mark else []
        lines += [
            f"{text(f'word.{name}', language)}: {number(hectares, language)} ha"
            for name, hectares in self.land_totals().items()
        ]
        lines.append(text("summary.sites", language, count=len(self.sites.frame)))
        for card in self.scorecards.values():
            ranked = pd.Series({entry["site_id"]: entry["rank"] for entry in _shortlist(card)}, dtype="float64")
            lines.append(
                text(
                    "summary.best",
                    language,
                    profile=card.profile.label(language),
                    sites=best_in_words(ranked, language, most=3) or text("summary.none", language),
                )
            )
        return "\n".join(lines)

    def _language(self, asked: Language | None) -> Language:
        """Return the language asked for, the study's if none is; refuse what is no language."""
        if asked is None:
            return self.spec.study.language
        require_language(asked)
        return asked

    def _audience(self, asked: Audience | None) -> Audience:
        """Return the audience asked for, the study's if none is; refuse what is no audience."""
        if asked is None:
            return self.spec.study.audience
        refuse(choice_findings(asked, name="audience", choices=get_args(Audience)))
        return asked

    def _profile(self, asked: str | None) -> str | None:
        """Return the profile asked for, the first if none is; None where nothing was scored."""
        refuse(text_findings(profile=asked))
        if asked is not None and asked not in self.scorecards:
            values = {"name": asked, "profiles": ", ".join(self.scorecards)}
            raise StudyError(Finding("study_no_profile", values))
        return asked or next(iter(self.scorecards), None)

    def _firm_tables(
        self, language: Language, withheld: Withheld, profiles: Collection[str] | None = None
    ) -> dict[str, pd.DataFrame]:
        """Return how firm each profile's ranking is, worked out once for all outputs."""
        tables = {}
        for name in self.scorecards if profiles is None else profiles:
            key = (name, language, withheld.criteria)
            if key not in self._firm:
                card = self.scorecards[name]
                self._firm[key] = firmness_of(card, data=False, untold=withheld.criteria, language=language)
            tables[name] = self._firm[key].table
        return tables

    def restrictions(self, *, language: Language | None = None) -> pd.DataFrame:
        """
        Return which constraints touch the land of each site: what has to be tried there, how much, and by which law.

        Parameters
        ----------
        language
            Of the labels; the study's by default.

        Returns
        -------
        pandas.DataFrame
            One row per site and constraint that touches at least 0.01 ha of it: `site_id`, `constraint`, `kind`
            (`include`, `hard`, `strong`, `info`; hard ones only where they take a share of the ground), `label`,
            `legal_basis`, `ha`, `share` (of the site, 0–1).
        """
        return restrictions_of_sites(self.spec, self.inputs, self.sites.frame, language=self._language(language))

    def _repr_html_(self) -> str:
        lines = "<br>".join(html.escape(line) for line in self.summary().splitlines())
        tables = "".join(
            f"<h4>{html.escape(card.profile.label(self.spec.study.language))}</h4>"
            + pd.DataFrame(_shortlist(card)[:10]).to_html(index=False, float_format="%.2f".__mod__)
            for card in self.scorecards.values()
        )
        return f"<div>{lines}</div>{tables}"


def _shortlist(card: Scorecard) -> list[dict[str, Any]]:
    """Return the ranked sites, best first."""
    ranked = card.frame[card.frame["ranked"]].sort_values(["rank", "total"], ascending=[True, False], kind="stable")
    columns = ["rank", "total", "total_low", "total_high", "coverage_share"]
    return [
        {"site_id": site, **{name: float(row[name]) for name in columns}}
        for site, row in ranked[columns].to_dict("index").items()
    ]


def _writable(path: str | Path) -> Path:
    """Return where a file is to be written; refuse a folder, and a folder that is not there."""
    file = as_path(path)
    if file.is_dir():
        raise FileError(Finding("write_folder", {"path": file}))
    if not file.parent.is_dir():
        raise FileError(Finding("write_no_folder", {"path": file.name, "folder": file.parent}))
    return file


def _replaced_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Write beside the place, then move; a file half written never stands where a whole one stood."""
    unfinished = path.with_name(f".{path.name}.part{path.suffix}")
    unfinished.unlink(missing_ok=True)
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
