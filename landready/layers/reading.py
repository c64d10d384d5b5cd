"""Read one vector layer from a file into a `Layer`, and say everything that is worth knowing about it."""

import datetime as dt
import os
from collections.abc import Mapping, Sequence

import geopandas as gpd
import shapely

from landready.errors import (
    Finding,
    LandreadyError,
    argument_findings,
    as_path,
    choice_findings,
    name_list_findings,
    name_table_findings,
    refuse,
    text_findings,
)
from landready.layers.asking import Asked, ask
from landready.layers.columns import GEOMETRY, columns_of
from landready.layers.extents import Extent, bounds_of, known_extent_of
from landready.layers.features import load
from landready.layers.garbled import garbled_findings
from landready.layers.ids import DUPLICATES, Duplicates, as_labels, id_findings, settle_ids
from landready.layers.notes import Notes
from landready.layers.numbers import numbers_in_text
from landready.layers.owners import owners_of, with_owners
from landready.layers.placing import place
from landready.layers.plan_words import understand
from landready.layers.privacy import personal_number_findings
from landready.layers.register_units import ground_of, name_units
from landready.layers.shapes import drop_missing, kind_findings, mend, open_collections
from landready.layers.unread import unread
from landready.layers.value_words import in_our_words
from landready.layers.within import file_within
from landready.model import Layer, Ledger
from landready.spec import OwnerTable
from landready.where import Condition, matches, where_findings


def read(
    path: str | os.PathLike[str],
    *,
    role: str | None = None,
    layer: str | None = None,
    columns: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    id: str | None = None,  # noqa: A002  (the word of the study file)
    crs: object | None = None,
    source_crs: object | None = None,
    known_extent: Extent = None,
    where: Mapping[str, Condition] | None = None,
    name: str | None = None,
    duplicates: Duplicates | None = None,
    owners: OwnerTable | None = None,
    date: str | None = None,
    source: str | None = None,
    modelled: bool = False,
    as_of: dt.date | None = None,
) -> Layer:
    """
    Read one layer of a vector file.

    Only the columns that the role names, `columns` maps and `keep` adds are read; no others enter memory.

    Parameters
    ----------
    path
        A file that GDAL reads (GeoPackage, shapefile, GeoJSON, FlatGeobuf, OpenStreetMap, …), GeoParquet, a GTFS
        timetable, a Swedish detaljplan as delivered (NGP JSON 4.1 or SS 637040 XML, told by its content), a folder
        of such plans, or a zip of these.
    role
        What the layer is to landready, a key of `rules/roles.toml`: decides the columns, the kinds of geometry
        and the id. With None any geometry will do and no columns are read but mapped and kept ones.
    layer
        Name of the layer in the file; needed where it holds several. Of plan files, timetables, NVDB and
        OpenStreetMap the role chooses the layer that is made for it.
    columns
        Our name → the file's name. Role columns that the file spells the same, in upper or lower case, need
        no mapping.
    keep
        Further columns of the file to read, under their own names.
    id
        The file's column whose text becomes the index, for roles whose id is not given in `columns`. Without
        any, features are numbered from 0 in the file's order.
    crs
        The CRS of the result. None keeps the file's own if it can be measured in, and takes EPSG:3006 for
        data in degrees in Sweden.
    source_crs
        The CRS the coordinates really are in, where the file says nothing or says it wrong; `"EPSG:3006 yx"` where
        they stand north before east.
    known_extent
        Where the layer was mapped: a polygon in the CRS of the result, polygons as GeoDataFrame or Layer, or
        `"bounds"`, the box round the features of the file. None is `"bounds"` with a finding that nobody has
        vouched for it.
    where
        Conditions on the columns read; the rest is left out and listed.
    name
        What messages call the layer; its name in the file if None.
    duplicates
        What to do with rows that share an id or have none: `"error"`, `"number"` (`X`, `X#2`, `X#3`) or
        `"dissolve"` (one feature with several parts). None dissolves the areas of a division into properties that is
        known by its columns, and is `"error"` for all else.
    owners
        Table from which parcels get their `owner_category`, by designation; see `OwnerTable`.
    date, source, modelled
        Provenance, as in `Layer`. The source is the file's name if None.
    as_of
        The day by which it is judged whether genomförandetid is over, for plan files. None judges nothing: plans in
        force stay so, and a finding says it.

    Returns
    -------
    Layer
        Valid two-dimensional geometries in a metric CRS; index named `parcel_id`, `plan_id` or `<role>_id`.
        What was left out or mended is in `ledger`, what is worth knowing in `findings`.

    Raises
    ------
    FileError
        If the file is missing, damaged, or has no such layer.
    CrsError, ColumnError, InputError
        With everything that is wrong with the layer at once.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import geopandas as gpd, shapely
    >>> square = shapely.box(340_000, 6_400_000, 340_100, 6_400_100)
    >>> frame = gpd.GeoDataFrame(
    ...     {"FASTIGHET": ["Exempelby 1:1"], "AGARE": ["någon"]}, geometry=[square], crs="EPSG:3006"
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder, "fastigheter.gpkg")
    ...     frame.to_file(path)
    ...     parcels = read(path, role="parcels", columns={"parcel_id": "FASTIGHET"})
    >>> parcels.frame.index.tolist(), parcels.frame.columns.tolist()
    (['Exempelby 1:1'], ['geometry'])
    """
    path = as_path(path)
    refuse(
        [
            *text_findings(role=role, layer=layer, id=id, name=name, date=date, source=source),
            *name_table_findings(columns, name="columns"),
            *name_list_findings(keep, name="keep"),
            *where_findings(where),
            *([] if duplicates is None else choice_findings(duplicates, name="duplicates", choices=DUPLICATES)),
            *argument_findings(owners, (OwnerTable, type(None)), name="owners", wanted="OwnerTable, None"),
            *argument_findings(modelled, bool, name="modelled", wanted="bool"),
            *argument_findings(as_of, (dt.date, type(None)), name="as_of", wanted="date, None"),
        ]
    )
    with file_within(path, layer, role=role) as file:
        asked, notes = ask(file, layer, role=role, name=name, columns=columns or {}, keep=keep, id_column=id)
        frame, more = _load(asked, as_of=as_of)
        notes += more
    owned, more = owners_of(owners, role=role, layer=asked.title)
    frame, worded = _in_our_words(frame, asked)
    notes += more + worded
    frame, more = place(frame, layer=asked.title, crs=crs, source_crs=source_crs)
    frame, grounded = ground_of(frame, role=role, units=asked.units, layer=asked.title)
    notes += more + grounded
    extent, extent_notes = known_extent_of(known_extent, bounds_of(frame), crs=frame.crs, layer=asked.title)
    frame, more = _filter(frame, where or {}, asked, mapped=columns or {})
    duplicates = duplicates or ("error" if asked.units is None else "dissolve")
    notes += more + _row_notes(frame, asked, duplicates) + extent_notes
    if notes.errors:
        # What is wrong with the geometries is told too, so that the file can be mended in one go.
        _, more = mend(open_collections(frame, asked.kinds, layer=asked.title)[0], layer=asked.title)
        (notes + more).raise_errors()
    frame, more = _finish(frame, asked, duplicates)
    notes += more
    notes.raise_errors()
    frame, more = with_owners(frame, owned, owners, layer=asked.title)
    notes += more
    return Layer(
        name=asked.title,
        frame=frame,
        role=role,
        source=source or path.name,
        date=date,
        known_extent=extent,
        modelled=modelled,
        ledger=notes.ledger or Ledger.empty(),
        findings=notes.findings,
    )


def _load(asked: Asked, *, as_of: dt.date | None) -> tuple[gpd.GeoDataFrame, Notes]:
    """Return the rows with geometry under our names, labelled by their id or their number in the file."""
    choice, title = asked.choice, asked.title
    day = as_of.date() if isinstance(as_of, dt.datetime) else as_of
    raw, notes = load(asked.file_layer, choice.to_read, as_of=day)
    notes += Notes((*personal_number_findings(raw, layer=title), *garbled_findings(raw, layer=title)))
    if not len(raw):
        return raw, notes + Notes((Finding("no_rows", {"layer": title}),))
    frame = gpd.GeoDataFrame(
        {ours: raw[theirs] for ours, theirs in choice.columns.items()}, geometry=raw.geometry, crs=raw.crs
    )
    if asked.units is not None:
        frame.index, more = name_units(raw, asked.units, layer=title)
        notes += more
    elif choice.id_column is not None:
        frame.index = as_labels(raw[choice.id_column])
    elif asked.needs_id:
        values = {"layer": title, "id": choice.index_name}
        notes += Notes((Finding("ids_assigned", values, "warning"),))
    present, more = drop_missing(frame, layer=title)
    if not len(present):
        return present, notes + Notes((Finding("geometry_none", {"layer": title, "total": len(raw)}),))
    return present, notes + more


def _in_our_words(frame: gpd.GeoDataFrame, asked: Asked) -> tuple[gpd.GeoDataFrame, Notes]:
    """Put values into our words: by the product, the words of the role, and plans that were not made here in ours."""
    frame, notes = asked.product.translated(frame, layer=asked.title)
    frame, more = in_our_words(frame, role=asked.role, layer=asked.title, named=asked.file_layer.title)
    notes += more
    frame, more = numbers_in_text(frame, columns_of(asked.role), layer=asked.title)
    notes += more
    if asked.role == "plans" and asked.file_layer.made is None:
        frame, more = understand(frame, layer=asked.title)
        notes += more
    return frame, notes


def _filter(
    frame: gpd.GeoDataFrame, where: Mapping[str, Condition], asked: Asked, *, mapped: Mapping[str, str]
) -> tuple[gpd.GeoDataFrame, Notes]:
    """Leave out and list the rows that the conditions do not ask for."""
    # A column that a mistyped mapping should have made is told of there, and not once more for its condition.
    unmade = {ours for ours in mapped if ours not in frame.columns}
    conditions = {column: condition for column, condition in where.items() if column not in unmade}
    if not conditions:
        return frame, Notes()
    try:
        chosen = matches(frame.drop(columns=GEOMETRY), conditions, layer=asked.title).to_numpy(dtype=bool)
    except LandreadyError as error:
        left_out = set(asked.file_layer.columns) - set(asked.choice.to_read)
        return frame, Notes(tuple(unread(finding, left_out) for finding in error.findings))
    gone = frame[~chosen]
    area_ha = float(shapely.area(gone.geometry.values).sum()) / 1e4
    entry = Ledger.entry("read", asked.title, "where_left_out", ids=gone.index, area_ha=area_ha or float("nan"))
    return frame[chosen], Notes((), entry)


def _row_notes(frame: gpd.GeoDataFrame, asked: Asked, duplicates: Duplicates) -> Notes:
    """Return the errors of rows: ids that are shared or missing, kinds of geometry that are wrong."""
    errors: list[Finding] = []
    if asked.choice.id_column is not None and duplicates == "error":
        errors += id_findings(frame.index, layer=asked.title, column=asked.choice.id_column)
    return Notes((*errors, *kind_findings(frame, asked.kinds, layer=asked.title)))


def _finish(frame: gpd.GeoDataFrame, asked: Asked, duplicates: Duplicates) -> tuple[gpd.GeoDataFrame, Notes]:
    """Open collections, mend geometries and settle the ids."""
    frame, notes = open_collections(frame, asked.kinds, layer=asked.title)
    frame, more = mend(frame, layer=asked.title)
    notes += more
    if asked.choice.id_column is not None:
        frame, more = settle_ids(frame, layer=asked.title, column=asked.choice.id_column, duplicates=duplicates)
        notes += more
    return frame.rename_axis(asked.choice.index_name), notes
