"""The commands. Heavy libraries are loaded inside them, so that help costs nothing."""

import json
import sys
import tempfile
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from landready.cli.grouping import grouped
from landready.cli.progress import shown_progress
from landready.cli.session import Session, guarded
from landready.errors import FileError, Finding, StudyError, os_reason
from landready.texts import text

if TYPE_CHECKING:
    from landready.layers.quality import LayerReport, QualityReport
    from landready.model import Audience, Scorecard
    from landready.pipeline.assessment import Assessment


def demo(
    context: typer.Context,
    *,
    out: Annotated[Path, typer.Option("--out")] = Path("landready-demo"),
) -> None:
    """Run the shipped example study."""
    session: Session = context.obj
    with guarded(session):
        _require_writable(out)
        with shown_progress(session) as progress:
            from landready.pipeline.example import example_study
            from landready.pipeline.study import Study

            study = Study.from_toml(example_study())
            assessment = study.run(progress=progress)
            files = assessment.write(out, language=session.asked, progress=progress)
        _tell(session, assessment, files)


def init(
    context: typer.Context,
    file: Annotated[Path, typer.Argument()] = Path("study.toml"),
    *,
    source: Annotated[Path | None, typer.Option("--from")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
) -> None:
    """Write a study file to start from."""
    session: Session = context.obj
    with guarded(session):
        if file.exists() and not force:  # before the layers are looked at, which takes long
            raise FileError(Finding("file_exists", {"path": file}))
        if source is None:
            written = resources.files("landready.cli").joinpath("study.toml").read_text(encoding="utf-8")
            said = session.text("init_done", path=file)
        else:
            written, said = _drafted(source, file, session)
        try:
            with file.open("w" if force else "x", encoding="utf-8", newline="\n") as new:
                new.write(written)
        except FileExistsError:
            raise FileError(Finding("file_exists", {"path": file})) from None
        session.say(said)


def check(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument()],
    *,
    crs: Annotated[str, typer.Option("--crs")] = "EPSG:3006",
    notes: Annotated[bool, typer.Option("--notes")] = False,
    page: Annotated[Path | None, typer.Option("--html")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Say what is in a folder of layers, and what is wrong with it."""
    session: Session = context.obj
    with guarded(session):
        with shown_progress(session):
            from landready.layers.quality import check as check_layers

            report = check_layers(folder, crs=crs)
        if page is not None:
            _write_page(report, page, session)
        if as_json:
            _print_json(report.to_dict())
        else:
            if report.crs_needed:
                session.say(_elsewhere(report, session))
            if report.abroad:
                session.say(session.text("check_abroad"))
            shown = [layer for layer in report.layers if not session.quiet or layer.mark == "not_usable"]
            for layer in shown:
                typer.echo("\n    ".join(_layer_lines(layer, session, notes=notes)))
            left = 0 if notes else len([found for layer in shown for found in layer.findings if _is_note(found)])
            if left:
                session.say(session.text("check_notes_left", count=left))
            if report.missing:
                session.say(text("missing.head", session.language))
            for line in report.missing_in_words(session.language):
                session.say(line)


def run(
    context: typer.Context,
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml")],
    *,
    out: Annotated[Path, typer.Option("--out")],
    profile: Annotated[list[str] | None, typer.Option("--profile")] = None,
    audience: Annotated[Literal["intern", "extern"] | None, typer.Option("--audience")] = None,
    compare: Annotated[Path | None, typer.Option("--compare")] = None,
    online_tiles: Annotated[Literal["osm", "topowebb"] | None, typer.Option("--online-tiles")] = None,
    pictures: Annotated[Literal["png", "pdf"] | None, typer.Option("--pictures")] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Run a study and write its results."""
    session: Session = context.obj
    with guarded(session):
        _require_writable(out)
        if online_tiles is not None:
            from landready.webmap.tiles import background

            background(online_tiles, language=session.language)  # a key that is missing is told before the work
        with shown_progress(session) as progress:
            from landready.pipeline.study import Study

            assessment = Study.from_toml(study).run(progress=progress, profiles=profile)
            other = None if compare is None else Study.from_toml(compare).run(progress=progress)
            files = assessment.write(
                out,
                audience=audience,
                language=session.asked,
                compare=other,
                online_tiles=online_tiles,
                progress=progress,
            )
            if pictures is not None:
                files += _write_pictures(assessment, out, pictures, audience, session)
        if as_json:
            _print_json({**assessment.to_dict(), "files": [str(file) for file in files]})
        else:
            _tell(session, assessment, files)


def _write_pictures(
    assessment: "Assessment", out: Path, form: Literal["png", "pdf"], audience: "Audience | None", session: Session
) -> list[Path]:
    """Write a folder of pictures for each kind of business."""
    written = []
    for name in assessment.scorecards:
        head = assessment.spec.study
        called = {"profile": name, "audience": audience or head.audience}
        folder = text("picture.folder", session.asked or head.language, **called)
        written += assessment.to_pictures(
            out / folder, profile=name, form=form, audience=audience, language=session.asked
        )
    return written


def explain(
    context: typer.Context,
    study: Annotated[Path, typer.Argument(metavar="STUDY.toml")],
    site: Annotated[str, typer.Argument(metavar="SITE")],
    *,
    profile: Annotated[list[str] | None, typer.Option("--profile")] = None,
    results: Annotated[Path | None, typer.Option("--results")] = None,
) -> None:
    """Say why a site scores as it does."""
    session: Session = context.obj
    with guarded(session):
        from landready.scoring.explanation import explain as explained

        cards = _scorecards(study, profile, results, session)
        if not cards:
            raise StudyError(Finding("study_no_profiles"))
        typer.echo("\n\n".join(explained(card, site, language=session.language) for card in cards))


def _scorecards(file: Path, profiles: list[str] | None, results: Path | None, session: Session) -> "list[Scorecard]":
    """Return how sites are judged: by what an earlier run measured if nothing has changed since, else by a new run."""
    from landready.pipeline.recalled import recalled
    from landready.pipeline.study import Study
    from landready.scoring.scorecard import score

    study = Study.from_toml(file)
    wanted = study.chosen_profiles(profiles)
    found = recalled(study.spec, study.folder, _results_near(study.folder) if results is None else [results])
    if found is None:
        session.remark(session.text("explain_anew" if results is None else "explain_other", folder=results))
        with shown_progress(session) as progress:
            return list(study.run(progress=progress, profiles=profiles).scorecards.values())
    measured, place = found
    session.remark(session.text("explain_recalled", folder=place))
    return [score(measured, profile) for profile in wanted]


def _results_near(folder: Path) -> list[Path]:
    """Return the folders with results in the folder of a study, and in the one that the command is given in."""
    near = [place for start in dict.fromkeys((Path.cwd(), folder)) for place in (start, *sorted(start.iterdir()))]
    return [place for place in near if (place / "manifest.json").is_file()]


def _write_page(report: "QualityReport", page: Path, session: Session) -> None:
    from landready.reports.check_page import check_page
    from landready.whole import write_whole

    _require_writable(page.parent)
    if page.is_dir():
        raise FileError(Finding("file_is_folder", {"file": page.name}))
    page.parent.mkdir(parents=True, exist_ok=True)
    write_whole(page, check_page(report, session.language))
    session.say(session.text("check_page_at", path=page.resolve()))


def _drafted(folder: Path, file: Path, session: Session) -> tuple[str, str]:
    """Return a study file for the layers of a folder, and what to say of it."""
    if not folder.is_dir():
        raise FileError(Finding("not_a_folder" if folder.exists() else "folder_missing", {"path": folder}))
    with shown_progress(session):
        from landready.cli.draft import draft
        from landready.cli.draft_words import CHOOSE
        from landready.crs import SWEREF99_TM
        from landready.layers.quality import check as check_layers

        written = draft(check_layers(folder, crs=SWEREF99_TM), folder, file)
    count = written.count(f"{CHOOSE}: ")
    return written, session.text("init_choose", path=file, folder=folder, choose=CHOOSE, count=count)


def _layer_lines(layer: "LayerReport", session: Session, *, notes: bool) -> list[str]:
    """Return what a layer is, where it ends, and a line for each thing found; mere notes only where asked for."""
    from landready.rules import roles

    language = session.language
    recognition = layer.recognition
    what = session.text(
        "check_layer",
        mark=layer.mark_in_words(language),
        file=layer.file,
        layer=layer.layer,
        role=roles()[recognition.role].in_language(language),
        certainty=text(f"certainty.{recognition.certainty}", language),
        kind=text(f"shape.{layer.kind}", language),
        count="–" if layer.count < 0 else layer.count,
        crs=layer.crs,
    )
    if layer.bounds is not None:
        west, south, east, north = (round(value) for value in layer.bounds)
        what += f", {session.text('check_reach', west=west, south=south, east=east, north=north)}"
    return [what, *(found.text(language) for found in layer.findings if notes or not _is_note(found))]


def _elsewhere(report: "QualityReport", session: Session) -> str:
    """Return what to do where the layers lie in another CRS than the one asked about: once, for all of them."""
    count = sum(layer.elsewhere for layer in report.layers)
    return session.text(
        "check_elsewhere_all" if 1 < count == len(report.layers) else "check_elsewhere",
        count=count,
        total=len(report.layers),
        crs=report.crs_needed,
    )


def _is_note(finding: Finding) -> bool:
    return finding.severity == "note"


def _require_writable(out: Path) -> None:
    """Refuse a place that is taken, or where nothing can be written, before the work and not after it."""
    if out.exists() and not out.is_dir():
        raise FileError(Finding("not_a_folder", {"path": out}))
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.exists())
    if not there.is_dir():
        raise FileError(Finding("not_a_folder", {"path": there}))
    try:
        with tempfile.TemporaryFile(dir=there):  # asking for permission tells little: disks are full, or read only
            pass
    except OSError as error:
        key = "out_forbidden" if os_reason(error) == "forbidden" else "out_other"
        raise FileError(Finding(key, {"path": out, "folder": there, "why": error.strerror})) from error


def _tell(session: Session, assessment: "Assessment", files: Sequence[Path]) -> None:
    """Say the result and where it is written; of the findings what matters, and how many notes there are besides."""
    notes = [finding for finding in assessment.findings if _is_note(finding)]
    told = [finding for finding in assessment.findings if not _is_note(finding)]
    for severity, said in grouped(told, session.language):
        session.say(f"{text(f'map.{severity}', session.language)}: {said}")
    if notes:
        session.say(session.text("notes", count=len(notes)))
    session.say(assessment.summary(session.language))
    session.say(session.text("written", count=len(files), folder=files[0].parent))
    session.say(session.text("map_at", path=files[0].resolve()))


def _print_json(content: dict[str, Any]) -> None:
    # A console without å gets escapes instead of question marks: JSON must be read back as it was.
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    typer.echo(json.dumps(content, ensure_ascii=plain, indent=2, allow_nan=False))
