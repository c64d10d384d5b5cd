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


def xml_line(name, *positions, segment="LineStringSegment"):
    """Return a boundary through [northing, easting], as SS 637040 has them."""
    points = "".join(f'<gml:pos srsDimension="2">{north} {east}</gml:pos>' for north, east in positions)
    curve = (
        f'<gml:Curve gml:id="c{name}"><gml:segments><gml:{segment}>{points}</gml:{segment}></gml:segments></gml:Curve>'
    )
    return f'<grans><DP_Grans gml:id="{name}"><typ>anv</typ><linje>{curve}</linje></DP_Grans></grans>'


def xml_area(name, *references):
    """Return an area from references such as `+L1` and `-L2`."""
    signs = {"+": "plus", "-": "minus"}
    lines = "".join(f'<{signs[one[0]]} xlink:href="#{one[1:]}" />' for one in references)
    return f'<omrade><DP_Omrade gml:id="{name}">{lines}</DP_Omrade></omrade>'


def xml_use(number, letter, code, area, inner=""):
    return (
        f'<anvandningsbestammelse><DP_Anvandningsbestammelse gml:id="i{number}"><uuid>{identity(number)}</uuid>'
        f"<bestammelseid>{number}</bestammelseid><beteckning>{letter}</beteckning>"
        f'<omrade xlink:href="#{area}" /><anvandningsslag>{code}</anvandningsslag>{inner}'
        "</DP_Anvandningsbestammelse></anvandningsbestammelse>"
    )


def xml_property(number, code, area, variables=""):
    return (
        f'<egenskapsbestammelse><DP_Egenskapsbestammelse gml:id="i{number}"><uuid>{identity(number)}</uuid>'
        f'<bestammelseid>{number}</bestammelseid><omrade xlink:href="#{area}" />'
        f"<bestammelsetyp>{code}</bestammelsetyp>{variables}</DP_Egenskapsbestammelse></egenskapsbestammelse>"
    )


def xml_plan(*provisions, crs="SWEREF99_12_00", catalogue="07.07.2016", registered="2017-05-15+02:00"):
    return (
        f'<plan><DP_Plan gml:id="i0"><uuid>{identity("xml")}</uuid><planid>1441-P1</planid><plantyp>DP</plantyp>'
        "<forslag>false</forslag><plannamn>Öjared</plannamn><kommun>1441</kommun>"
        f"<registreringsdatum>{registered}</registreringsdatum><registerstatus>f</registerstatus>"
        f"<koordinatsystem>{crs}</koordinatsystem><katalog>Boverket</katalog><katalogversion>{catalogue}</katalogversion>"
        f'<planomrade xlink:href="#plan" />{"".join(provisions)}</DP_Plan></plan>'
    )


def xml_file(*parts, prologue=""):
    spaces = (
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:gml="http://www.opengis.net/gml/3.2" '
        'xmlns="http://www.sis.se/ss637040" gml:id="dataset"'
    )
    body = "".join(parts)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{prologue}<DP_Data {spaces}><tillampning>plan</tillampning>{body}</DP_Data>'
