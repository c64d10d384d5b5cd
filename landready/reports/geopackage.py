"""The whole result as one GeoPackage, for QGIS and for those who compute further."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyogrio

Tables = Mapping[str, pd.DataFrame]


def write_geopackage(path: Path, tables: Tables, *, date: str, watermark: str | None = None) -> None:
    """
    Write tables and layers to a new GeoPackage, the same bytes for the same content.

    Parameters
    ----------
    path
        A file that is not there yet: a GeoPackage written over an old one keeps stale layers.
    tables
        Layer name → frame; those with a geometry become layers, the others attribute tables. Index levels with a
        name become columns.
    date
        ISO day that the file says it was changed on.
    watermark
        What each layer says of itself in its description, where the content is modelled.
    """
    described = {"DESCRIPTION": watermark} if watermark else {}
    with _dated(date):
        for name, frame in tables.items():
            pyogrio.write_dataframe(_plain(frame), path, layer=name, driver="GPKG", layer_options=described)


@contextmanager
def _dated(date: str) -> Iterator[None]:
    # Without this GDAL stamps every layer with the clock, and no two runs are alike.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{date}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn index levels into columns, and objects into text, so that a GeoPackage can hold them."""
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame.reset_index(drop=True)
    for column in flat.columns:
        if flat[column].dtype == object:
            flat[column] = flat[column].map(str, na_action="ignore")
    return flat
