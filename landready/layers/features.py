"""Read the features of one layer: only the columns asked for, with Arrow, and with its text decoded right."""

import datetime as dt
import math
import re
import struct
import warnings
from collections.abc import Callable, Sequence

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

from landready.errors import FileError, Finding, rows_of, some
from landready.layers.declared import overlong_findings, row_marks, whole_rows
from landready.layers.downloads import cut_by_service
from landready.layers.files import (
    CODED,
    WESTERN,
    FileLayer,
    as_options,
    geometry_column,
    is_utf8,
    other_encoding,
    told_as_file_error,
)
from landready.layers.gml_systems import require_one_system
from landready.layers.notes import Notes
from landready.layers.present import has_part
from landready.layers.salvage import salvage
from landready.model import Ledger

_NOT_ARROW = frozenset({"FlatGeobuf"})  # GDAL's Arrow stream trusts a damaged file's offsets: it crashed the process
_FOR_PROGRAMMERS = (DeprecationWarning, FutureWarning, ResourceWarning)
_SENT_BY_SERVICES = frozenset({"GeoJSON", "ESRIJSON", "GML"})
_UNDATED = "Error parsing datetimes"
_NO_DAY = re.compile(r"Invalid content for record (\d+) in column (.+?): (.*)", re.DOTALL)
# What comes of it is told: geometries that cannot be read, places that are none.
_TOLD_BY_US = ("Non closed ring detected", "invalid value encountered")
_LONGEST_TEXT = 1_000_000  # bytes; the whole of a plan's description is a hundredth of that
# How an arc starts in WKB, in the plane or with heights or measures.
_ARCS = tuple(struct.pack("<BI", 1, kind) for kind in (8, 1008, 2008, 3008))
_ARC_STEP_DEG = 4  # GDAL's default for turning arcs into segments (OGR_ARC_STEPSIZE)
_ARC_OFF_PCT = 100 * (1 - math.cos(math.radians(_ARC_STEP_DEG / 2)))  # of the radius: how far a segment leaves its arc


def load(source: FileLayer, columns: Sequence[str], *, as_of: dt.date | None = None) -> tuple[gpd.GeoDataFrame, Notes]:
    """
    Read the features of a layer.

    Parameters
    ----------
    source
        The layer.
    columns
        The columns to read, of those that are `readable`; no other column enters memory but what they are made of.
    as_of
        The day by which time limits in plan files are judged.

    Returns
    -------
    geopandas.GeoDataFrame, Notes
        In the file's order, numbered from 0; `geometry` is the last column. Geometries that cannot be parsed
        are None. Notes tell of another encoding than declared, of curves, of what the reader warned about, and of
        records that were lost where a file is damaged in the middle.

    Raises
    ------
    FileError
        If it cannot be read, its text cannot be decoded, or fewer features come out than it declares.
    """
    if source.made is not None:
        with told_as_file_error(source.path):
            frame, notes = source.made.load(source.path, as_of)
        return frame[[*columns, "geometry"]], notes
    recast = source.recast
    wanted = [*recast.needs, *columns] if recast else columns
    held = [name for name in dict.fromkeys(wanted) if name in source.columns]

    def read(chosen: FileLayer) -> tuple[gpd.GeoDataFrame, Notes]:
        with told_as_file_error(source.path) as caught:
            frame, notes = _read(chosen, held)
        return frame, notes + _reader_notes(caught, source)

    if source.driver == "GML" and source.layer is not None:
        require_one_system(source.path, source.layer)
    try:
        frame, notes = read(source)
        _require_all_rows(frame, source)
    except FileError as refused:
        frame, notes = salvage(source, held, read=read, refused=refused)
    if source.driver == CODED and source.path.suffix.lower() == ".shp" and not has_part(source.path, ".dbf"):
        lacking = {"layer": source.title, "part": f"{source.path.stem}.dbf"}
        notes += Notes((Finding("shapefile_no_table", lacking, "warning"),))
    notes += Notes(tuple(overlong_findings(source.path, source.driver, layer=source.title)))
    if source.driver in _SENT_BY_SERVICES and source.path.is_file():
        notes += cut_by_service(source.path, len(frame), layer=source.title)
    if recast is not None:
        frame, more = recast.rows(frame, layer=source.title)
        notes += more
    return frame, notes


def _read(source: FileLayer, columns: list[str]) -> tuple[gpd.GeoDataFrame, Notes]:
    if source.driver == "Parquet":
        geometry = geometry_column(source.path)
        frame = gpd.read_parquet(source.path, columns=[*columns, geometry])
        if set(frame.index.names) & set(columns):  # pandas puts back the index that a frame was written with
            frame = frame.reset_index()[[*columns, geometry]]
        frame = frame.reset_index(drop=True)
        _require_decoded(frame, source)
        return frame if geometry == "geometry" else frame.rename_geometry("geometry"), Notes()
    if source.declared_encoding is not None:
        return _read_coded(source, columns)
    try:
        return _read_with_gdal(source, columns, encoding=None)
    except (UnicodeDecodeError, pa.ArrowException):
        frame, notes = _read_with_gdal(source, columns, encoding=WESTERN)
        return frame, notes + _encoding_note(frame, source, "UTF-8", WESTERN)


def _read_coded(source: FileLayer, columns: list[str]) -> tuple[gpd.GeoDataFrame, Notes]:
    """Read a shapefile, whose text may be in any encoding: as UTF-8 if that is what it is, whatever it declares."""
    declared = source.declared_encoding or ""
    used = "UTF-8"
    try:
        frame, notes = _read_with_gdal(source, columns, encoding=used)
    except (UnicodeDecodeError, pa.ArrowException):
        used = other_encoding(declared)
        frame, notes = _read_with_gdal(source, columns, encoding=used)
    if declared and is_utf8(declared) == (used == "UTF-8"):
        return frame, notes
    return frame, notes + _encoding_note(frame, source, declared, used)


def _read_with_gdal(source: FileLayer, columns: list[str], *, encoding: str | None) -> tuple[gpd.GeoDataFrame, Notes]:
    """Read with Arrow, and without it only where it cannot: see `_NOT_ARROW`, curves, and text not in UTF-8."""
    names = _names_in(source, columns, encoding)
    recoded = encoding not in {None, "UTF-8"} and source.declared_encoding is None
    arrow = not recoded and source.driver not in _NOT_ARROW and source.records is None

    def reader(*, use_arrow: bool) -> gpd.GeoDataFrame:
        return pyogrio.read_dataframe(
            source.path,
            layer=source.layer,
            columns=names,
            fids=source.records,
            use_arrow=use_arrow,
            on_invalid="warn",
            **(as_options(source.path, encoding) if encoding else {}),
        )

    frame, notes = _without_curves(reader, arrow=arrow, source=source)
    if not isinstance(frame, gpd.GeoDataFrame):
        raise TypeError("no geometry column")
    _require_decoded(frame, source)
    if encoding is not None and frame.columns[:-1].tolist() != columns:
        known = dict(zip(names, columns, strict=True))
        frame = frame.rename(columns=known)
    return frame, notes


def _without_curves(
    reader: Callable[..., gpd.GeoDataFrame], *, arrow: bool, source: FileLayer
) -> tuple[gpd.GeoDataFrame, Notes]:
    if not arrow:
        return reader(use_arrow=False), Notes()
    try:
        return reader(use_arrow=True), Notes()
    except NotImplementedError:  # shapely has no curves; without Arrow GDAL turns them into segments
        frame = reader(use_arrow=False)
        return frame, _curve_notes(source, len(frame))


def _curve_notes(source: FileLayer, total: int) -> Notes:
    """Tell in which rows there are arcs; a surface that could hold arcs and holds none has lost nothing."""
    _, table = pyogrio.raw.read_arrow(source.path, layer=source.layer, columns=[])
    shapes = table.column(table.num_columns - 1).to_pylist()
    curved = [row for row, shape in enumerate(shapes) if shape is not None and any(arc in shape for arc in _ARCS)]
    if not curved:
        return Notes()
    values = {
        "layer": source.title,
        "count": len(curved),
        "total": total,
        "rows": rows_of(curved, in_file=True),
        "degrees": _ARC_STEP_DEG,
        "percent": _ARC_OFF_PCT,
    }
    ledger = Ledger.entry("read", source.title, "curves", ids=curved)
    return Notes((Finding("curves", values, "warning"),), ledger)


def _names_in(source: FileLayer, columns: list[str], encoding: str | None) -> list[str]:
    """Return the columns' names as the reader spells them in `encoding`."""
    if encoding is None or encoding == source.encoding:
        return columns
    there = pyogrio.read_info(source.path, layer=source.layer, **as_options(source.path, encoding))["fields"]
    spelled = dict(zip(source.columns, map(str, there), strict=True))
    return [spelled[name] for name in columns]


def _require_decoded(frame: gpd.GeoDataFrame, source: FileLayer) -> None:
    """Arrow decodes text when it is looked at: look now, while another encoding can still be tried."""
    for name in text_columns(frame):
        if isinstance(frame[name].dtype, pd.StringDtype):
            values = pa.array(frame[name], from_pandas=True)
            values.validate(full=True)
            longest = pc.max(pc.binary_length(values)).as_py() or 0
        else:  # older pandas keeps text as objects, which are decoded already
            longest = max((len(value) for value in frame[name] if isinstance(value, str)), default=0)
        if longest > _LONGEST_TEXT:
            at = [row for row, value in enumerate(frame[name]) if isinstance(value, str) and _is_long(value)]
            told = {"file": source.file, "layer": source.title, "column": name, "megabytes": longest / 1e6}
            raise FileError(Finding("text_too_long", {**told, "rows": rows_of(at, in_file=True)}))


def _is_long(value: str) -> bool:
    return len(value.encode(errors="replace")) > _LONGEST_TEXT


def text_columns(frame: pd.DataFrame) -> list[str]:
    """Return the names of the columns that hold text."""
    geometry = getattr(frame, "_geometry_column_name", None)
    return [
        str(name)
        for name in frame.columns
        if name != geometry and (pd.api.types.is_string_dtype(frame[name]) or pd.api.types.is_object_dtype(frame[name]))
    ]


def is_plain(texts: pa.Array) -> bool:
    """Tell whether there are no letters but those of ASCII, in which nothing can be wrong."""
    return bool(pc.all(pc.string_is_ascii(texts), min_count=0).as_py())


def _texts(frame: pd.DataFrame) -> list[str]:
    """Return the distinct values of all text columns that are not plain ASCII."""
    values = (value for name in text_columns(frame) for value in frame[name])
    return list({value for value in values if isinstance(value, str) and not value.isascii()})


def _encoding_note(frame: gpd.GeoDataFrame, source: FileLayer, declared: str, used: str) -> Notes:
    """
    Tell that another encoding was used than the file declares.

    Raises
    ------
    FileError
        If part of the text is UTF-8 after all: then no encoding is right for the whole file.
    """
    texts = [*_texts(frame), *(str(name) for name in frame.columns if not str(name).isascii())]
    if not texts:
        return Notes()
    if used != "UTF-8" and any(_is_utf8_in_disguise(value, used) for value in texts):
        raise FileError(_mixed(frame, source, used))
    if not declared:
        return Notes((Finding("text_encoding_guessed", {"layer": source.title, "used": used}, "note"),))
    values = {"layer": source.title, "declared": declared, "used": used}
    return Notes((Finding("text_encoding", values, "warning"),))


def _mixed(frame: gpd.GeoDataFrame, source: FileLayer, used: str) -> Finding:
    """Tell in which column, and in which rows of it, text is UTF-8 though the rest of the file is not."""
    told = {"file": source.file, "layer": source.title}
    for name in text_columns(frame):
        at = [row for row, value in enumerate(frame[name]) if isinstance(value, str) and _is_other(value, used)]
        if at:
            return Finding("file_text_mixed", {**told, "column": name, "rows": rows_of(at, in_file=True)})
    return Finding("file_names_mixed", told)


def _is_other(value: str, used: str) -> bool:
    return not value.isascii() and _is_utf8_in_disguise(value, used)


def _is_utf8_in_disguise(value: str, encoding: str) -> bool:
    """Tell whether text decoded as `encoding` is in truth UTF-8: "Ã–jared" for "Öjared"."""
    try:
        value.encode(encoding).decode("utf-8")
    except (UnicodeError, LookupError):
        return False
    return True


def _require_all_rows(frame: gpd.GeoDataFrame, source: FileLayer) -> None:
    """Count: a file damaged in the middle may be read to there without an error."""
    marks = row_marks(source.path, source.driver)
    whole = marks is None or bool(whole_rows(marks).all())
    if whole and (source.count < 0 or len(frame) == source.count):
        return
    counted = source.count
    if source.driver == "GPKG":
        with told_as_file_error(source.path):  # the count kept in a GeoPackage may be stale: count for certain
            counted = pyogrio.read_info(source.path, layer=source.layer, force_feature_count=True)["features"]
    if len(frame) != counted or not whole:
        values = {"file": source.file, "layer": source.title, "read": len(frame), "declared": counted}
        raise FileError(Finding("file_rows", values))


def _reader_notes(caught: Sequence[warnings.WarningMessage], source: FileLayer) -> Notes:
    said = [str(warning.message) for warning in caught if not issubclass(warning.category, _FOR_PROGRAMMERS)]
    broken = [words for words in said if words.startswith("Invalid WKB")]
    undated = any(words.startswith(_UNDATED) for words in said)
    # Older readers put another day in the place of what is no day; newer ones keep the text.
    lost = [match.groups() for words in said if (match := _NO_DAY.fullmatch(words)) is not None]
    known = ("Invalid WKB", _UNDATED, *_TOLD_BY_US)
    other = sorted({words for words in said if not (words.startswith(known) or _NO_DAY.fullmatch(words))})
    findings = [
        Finding("reader_says", {"layer": source.title, "why": words.replace(str(source.path), source.file)}, "note")
        for words in other
    ]
    if lost:
        rows = some([f"{column} {row}: ”{value}”" for row, column, value in sorted(set(lost))])
        findings.append(Finding("dates_replaced", {"layer": source.title, "values": rows}, "warning"))
    if undated:
        findings.append(Finding("dates_as_text", {"layer": source.title}, "warning"))
    if broken:
        findings.append(Finding("geometry_unreadable", {"layer": source.title, "count": len(broken)}, "warning"))
    return Notes(tuple(findings))
