"""Writes each known product as its producer does: the columns, their values, and what they are to be read as."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pyogrio
import shapely

WEST, SOUTH = 340_000, 6_408_000  # in Lerum, EPSG:3006


@dataclass(frozen=True)
class Delivery:
    """Two features of a product: its columns, and our columns as they are to be read; `ids` where features have any."""

    role: str
    kind: str
    columns: Mapping[str, Sequence[Any]]
    read: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    ids: Sequence[str] | None = None


_UNITS = {
    "objektidentitet": ["0a", "0b"],
    "registerenhetsreferens": ["a", "b"],
    "objekttyp": ["Fastighetsområde", "Samfällighetsområde"],
    "kommunkod": ["1441", "1441"],
    "kommunnamn": ["LERUM", "LERUM"],
    "trakt": ["ÖJARED", "STORA HÖGA"],
    "etikett": ["1:12>1", "S:3"],
}

DELIVERIES: Mapping[str, Delivery] = {
    "lm_registerenhetsomradesytor": Delivery(
        "parcels",
        "polygon",
        _UNITS,
        {"unit_kind": ["property", "joint_property"]},
        ["Lerum Öjared 1:12", "Lerum Stora Höga S:3"],
    ),
    "lm_registerenhetsomradeslinjer": Delivery("other", "line", _UNITS),
    "lm_registerenhetsomradespunkter": Delivery("other", "point", _UNITS),
    "lm_fastighetskartan_ay": Delivery(
        "parcels",
        "polygon",
        {
            "FNR_FDS": ["141000001", "141000002"],
            "DETALJTYP": ["FASTIGHET", "SAMF"],
            "KOMMUNNAMN": ["LERUM", "LERUM"],
            "TRAKT": ["ÖJARED", "ÖJARED"],
            "BLOCKENHET": ["1:1", "S:2"],
            "OMRNR": [1, 1],
        },
        {"unit_kind": ["property", "joint_property"]},
        ["Lerum Öjared 1:1", "Lerum Öjared S:2"],
    ),
    "lm_byggnad_by": Delivery(
        "buildings",
        "polygon",
        {
            "OBJEKT_ID": ["1", "2"],
            "DETALJTYP": ["HUS", "HUS"],
            "ANDAMAL_1T": ["Bostad; Småhus friliggande", "Industri; Metall- eller maskinindustri"],
        },
        {"use": ["dwelling", "business"]},
    ),
    "lm_vagar_vl": Delivery(
        "roads",
        "line",
        {
            "KKOD": [5011, 5071],
            "KATEGORI": ["Motorväg", "Allmän väg < 5 m"],
            "VAGNR1": ["E20", "1750"],
            "BKLASS": [1, 0],
        },
        {
            "road_number": ["E20", "1750"],
            "road_category": [1, 4],
            "motorway": [True, False],
            "bearing_class": ["BK1", None],
        },
    ),
    "nvdb_homogeniserad": Delivery(
        "roads",
        "line",
        {"ROUTE_ID": ["0", "1"], "Vagtr_474": [1, 1], "F_Hogst_225": [110, 70], "B_Hogst_225": [110, 70]},
        {"speed_kmh": [110.0, 70.0], "oneway": ["both", "both"]},
    ),
    "osm_highways": Delivery(
        "roads",
        "line",
        {
            "osm_id": ["1", "2"],
            "highway": ["motorway", "primary"],
            "ref": ["E 20", "190"],
            "maxspeed": ["110", "70"],
            "oneway": ["yes", "no"],
            "name": ["Alingsåsleden", "Gråbovägen"],
        },
        {
            "road_number": ["E20", "190"],
            "road_category": [1, 3],
            "motorway": [True, False],
            "speed_kmh": [110.0, 70.0],
            "oneway": ["forward", "both"],
            "name": ["Alingsåsleden", "Gråbovägen"],
        },
    ),
    "osm_railways": Delivery(
        "rail",
        "line",
        {
            "osm_id": ["1", "2"],
            "railway": ["rail", "rail"],
            "usage": ["main", "industrial"],
            "tunnel": ["no", "yes"],
            "bridge": ["viaduct", "no"],
        },
        {"track_type": ["main", "side"], "tunnel": [False, True], "bridge": [True, False]},
    ),
    "osm_power_lines": Delivery(
        "power_lines",
        "line",
        {"osm_id": ["1", "2"], "power": ["line", "line"], "voltage": ["400000;130000", "40000"]},
        {"voltage_kv": [400.0, 40.0]},
    ),
    "osm_substations": Delivery(
        "substations",
        "point",
        {"osm_id": ["1", "2"], "power": ["substation", "substation"], "voltage": ["130000", "10000"]},
        {"voltage_kv": [130.0, 10.0]},
    ),
    "osm_buildings": Delivery(
        "buildings",
        "polygon",
        {"osm_id": ["1", "2"], "building": ["warehouse", "yes"]},
        {"use": ["business", None]},
    ),
    "osm_power_links": Delivery(
        "power_lines",
        "line",
        {"l_id": [1, 2], "v_id_1": [1, 2], "v_id_2": [2, 3], "voltage": ["400000", "220000"]},
        {"voltage_kv": [400.0, 220.0]},
    ),
    "trv_jarnvagsnat": Delivery(
        "rail",
        "line",
        {
            "ELEMENT_ID": ["1:1", "1:2"],
            "Bandel": ["612", "612"],
            "Bandelnamn": ["Göteborg–Alingsås", "Floda"],
            "SpTyp": ["nhsp", "ssp"],
            "Tunnel": [-1, 0],
            "Bro": [0, -1],
        },
        {
            "name": ["Göteborg–Alingsås", "Floda"],
            "track_type": ["main", "side"],
            "tunnel": [True, False],
            "bridge": [False, True],
        },
    ),
    "nvr_skyddade_omraden": Delivery(
        "nature_reserves",
        "polygon",
        {
            "NVRID": ["2000", "2001"],
            "NAMN": ["Öxsjön", "Rammdalen"],
            "SKYDDSTYP": ["Naturreservat", "Naturvårdsområde"],
        },
        {"name": ["Öxsjön", "Rammdalen"], "protection": ["Naturreservat", "Naturvårdsområde"]},
    ),
    "scb_deso": Delivery(
        "statistics_areas",
        "polygon",
        {"desokod": ["1441A0010", "1441C1010"], "kommunkod": ["1441", "1441"]},
        {"name": ["1441A0010", "1441C1010"]},
    ),
    "scb_regso": Delivery(
        "statistics_areas",
        "polygon",
        {"regsokod": ["1441R001", "1441R002"], "regsonamn": ["Gråbo", "Öxeryd"]},
        {"name": ["Gråbo", "Öxeryd"]},
    ),
    "scb_kommuner": Delivery(
        "municipality",
        "polygon",
        {"kommun_kod": ["1441", "1440"], "kommun": ["Lerum", "Ale"]},
        {"code": ["1441", "1440"], "name": ["Lerum", "Ale"]},
    ),
    "scb_tatorter": Delivery(
        "places",
        "point",
        {"code": ["T1", "T2"], "mun_code": ["1441", "1441"], "pop": [17_000, 4_700], "name": ["Lerum", "Gråbo"]},
        {"name": ["Lerum", "Gråbo"], "population": [17_000.0, 4_700.0]},
    ),
    "vasttrafik_hallplatser": Delivery(
        "stops",
        "point",
        {
            "name": ["Stålebo, Lerum", "Öxeryd"],
            "id": ["9022014023", "9022014024"],
            "track": ["A", "B"],
            "stop_area": ["1", "2"],
        },
        {"name": ["Stålebo, Lerum", "Öxeryd"]},
    ),
    "sgu_jordarter": Delivery(
        "soil",
        "polygon",
        {"JG2": ["17", "95"], "JG2_TX": ["Postglacial lera", "Sandig morän"]},
        {"kind": ["clay", "till"]},
    ),
    "lm_markreglerande": Delivery(
        "plans",
        "polygon",
        {
            "objektidentitet": ["0a", "0b"],
            "objekttyp": ["Detaljplan", "Byggnadsplan"],
            "aktbeteckning": ["1441-P2019/1", "14-LEM-233"],
        },
        {
            "designation": ["1441-P2019/1", "14-LEM-233"],
            "plan_type": ["detaljplan", "byggnadsplan"],
            "permits_business": [None, None],
        },
    ),
    "boverket_op_modell": Delivery(
        "overview_plan",
        "polygon",
        {
            "anvandning": ["Verksamheter och industri", "Areell näring"],
            "precisering": ["Företagsområde", None],
            "stallningstagande": ["Utvecklas längs E20", "Bevaras"],
        },
        {"land_use": ["verksamheter_industri", "areell"]},
    ),
}


def frame_of(delivery: Delivery) -> gpd.GeoDataFrame:
    """Return the features of a delivery, 200 m apart, in SWEREF 99 TM."""
    count = len(next(iter(delivery.columns.values())))
    places = [(WEST + 200 * number, SOUTH) for number in range(count)]
    shapes = {
        "polygon": lambda x, y: shapely.MultiPolygon([shapely.box(x, y, x + 100, y + 100)]),
        "line": lambda x, y: shapely.LineString([(x, y), (x + 100, y + 20)]),
        "point": shapely.Point,
    }
    return gpd.GeoDataFrame(
        dict(delivery.columns), geometry=[shapes[delivery.kind](*place) for place in places], crs="EPSG:3006"
    )


def write(path, frame, **options):
    """Write a frame in the format of the path's ending, and return the path."""
    drivers = {".tab": "MapInfo File", ".kml": "KML"}
    if path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        pyogrio.write_dataframe(frame, path, driver=drivers.get(path.suffix), **options)
    return path
