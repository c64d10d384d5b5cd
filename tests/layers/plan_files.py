"""Plan files as the producers write them: NGP JSON (Detaljplan 4.1) feature by feature."""

import json
import uuid

from landready.rules.provisions import catalogue_by_code

MEDIA_TYPE = "application/vnd.lm.detaljplan.v4+json"
WEST, SOUTH = 340_000.0, 6_408_000.0  # in Lerum, EPSG:3006


def identity(name):
    """Return the same UUID for the same name."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, str(name)))


def square(x=0, y=0, width=100, height=100, *, west=WEST, south=SOUTH):
    """Return a closed ring of [easting, northing], metres east and north of a corner in Lerum."""
    a, b, c, d = west + x, south + y, west + x + width, south + y + height
    return {"type": "Polygon", "coordinates": [[[a, b], [c, b], [c, d], [a, d], [a, b]]]}


def part(position, crs="EPSG:3006", **more):
    kinds = {"Polygon": "yta", "LineString": "linje", "Point": "punkt", "MultiPolygon": "multiyta"}
    geometry = {
        "typ": kinds[position["type"]],
        "position": position,
        "koordinatsystemPlan": crs,
        "dimension": 2,
        **more,
    }
    return {
        "geometri": geometry,
        "geometrimetadata": {"lagesbestamningsmetodIPlan": {"typ": "okänd", "variant": "okänd"}},
    }


def feature(properties):
    return {"type": "Feature", "id": properties.get("objektidentitet"), "geometry": None, "properties": properties}


def plan(name="plan", *parts, decision=None, **changes):
    """Return a plan in force since 2021-06-24, with 120 months of genomförandetid."""
    made = {
        "instansInomKommunen": "kommunfullmäktige",
        "diarienummerKommun": "KS 2019/1",
        "beslutstyp": "antagande av ny detaljplan",
        "datumPaborjat": "2019-03-01",
        "datumAntagande": "2021-05-20",
        "datumLagakraft": ["2021-06-24"],
        "genomforandetid": 120,
        **(decision or {}),
    }
    properties = {
        "feature:typ": "detaljplan",
        "objektidentitet": identity(name),
        "objektversion": 1,
        "versionGiltigFran": "2021-06-24T08:00:00Z",
        "kommun": "Lerum",
        "beteckning": f"1441-P{name}",
        "namn": f"Detaljplan för {name}",
        "syfte": "Verksamheter",
        "status": "laga kraft",
        "datumStatusforandring": "2021-06-24",
        "typ": "detaljplan",
        "kvalitetsbeskrivning": {
            "digitaliseringsniva": "komplett",
            "korrigeradeGranser": False,
            "kontrolleratPlaneringsunderlag": True,
        },
        "plangeometri": list(parts) or [part(square())],
        "beslutsinformation": [{key: value for key, value in made.items() if value is not ...}],
    }
    return feature({key: value for key, value in {**properties, **changes}.items() if value is not ...})


def provision(name, code, *parts, of="plan", kind=None, values=(), **changes):
    """Return a provision by its code in the catalogue."""
    entry = catalogue_by_code().get(code)
    use = entry.is_use if entry else True
    properties = {
        "feature:typ": kind or ("användningsbestämmelse" if use else "egenskapsbestämmelse"),
        "detaljplan": identity(of),
        "objektidentitet": identity(f"{of} {name}"),
        "planbestammelsekatalogreferens": entry.id if entry else identity(code),
        "bestammelseformulering": entry.category if entry else code,
        "bestammelsevarde": list(values),
        "bestammelsegeometri": list(parts) or [part(square())],
    }
    return feature({key: value for key, value in {**properties, **changes}.items() if value is not ...})


def number(value, unit="meter", value_type="max"):
    return {
        "datatyp": "decimaltal",
        "variabelvarde": value,
        "beskrivning": "värde",
        "vardetyp": value_type,
        "enhet": unit,
    }


def collection(*features, media_type=MEDIA_TYPE):
    return {"type": "FeatureCollection", "feature:mediatyp": media_type, "features": list(features)}


def write(path, *features, **options):
    path.write_text(json.dumps(collection(*features, **options), ensure_ascii=False), encoding="utf-8")
    return path
