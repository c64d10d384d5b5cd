"""Timetables: departures counted by hand, and by a loop over every trip of every day."""

import datetime as dt
import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landready
from landready import ColumnError, FileError, InputError
from landready.layers.gtfs import read_timetable, stops_from
from landready.layers.gtfs_tables import is_timetable

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STOPS = """stop_id,stop_name,stop_lat,stop_lon,parent_station,location_type
lerum,Lerum station,57.7694,12.2728,,1
l1,Lerum station,57.7695,12.2729,lerum,0
l2,Lerum station,57.7693,12.2727,lerum,0
floda,"Floda, södra",57.81,12.3615,,0
"""
TRIPS = "route_id,service_id,trip_id\nr,vardag,a\nr,vardag,b\nr,helg,c\n"
TIMES = """trip_id,arrival_time,departure_time,stop_id,stop_sequence,pickup_type
a,06:00:00,06:00:00,l1,1,0
a,06:10:00,06:10:00,floda,2,0
b,07:00:00,07:00:00,floda,1,0
b,07:10:00,07:11:00,l2,2,1
b,07:30:00,07:30:00,l1,3,0
c,08:00:00,08:00:00,floda,1,0
c,08:30:00,08:30:00,l1,2,0
"""
CALENDAR = (
    f"service_id,{','.join(WEEK)},start_date,end_date\n"
    "vardag,1,1,1,1,1,0,0,20261102,20261113\n"
    "helg,0,0,0,0,0,1,1,20261102,20261113\n"
)


def packed(folder, **tables):
    path = folder / "trafik.zip"
    texts = {"stops": STOPS, "trips": TRIPS, "stop_times": TIMES, "calendar": CALENDAR} | tables
    with zipfile.ZipFile(path, "w") as archive:
        for name, words in texts.items():
            if words is not None:
                archive.writestr(f"{name}.txt", words)
    return path


def departures(path, **options):
    stops, day = stops_from(read_timetable(path), **options)
    return stops["departures"].to_dict(), day


def test_departures_of_a_weekday(tmp_path):
    found, day = departures(packed(tmp_path))
    assert found == {"lerum": 0, "l1": 1, "l2": 0, "floda": 1}
    assert day == "2026-11-02"


def test_platforms_count_to_their_station(tmp_path):
    stops, _ = stops_from(read_timetable(packed(tmp_path)), stations=True)
    assert stops["departures"].to_dict() == {"lerum": 1, "floda": 1}
    assert stops.loc["floda", "name"] == "Floda, södra"
    assert stops.geometry["lerum"].x == pytest.approx(12.2728)


def test_it_is_read_like_any_other_file(tmp_path):
    stations = landready.read(packed(tmp_path), role="stations")
    assert stations.crs.to_epsg() == 3006
    assert stations.frame.set_index("name")["departures"].to_dict() == {"Lerum station": 1, "Floda, södra": 1}
    assert "2026-11-02" in " ".join(finding.text("sv") for finding in stations.findings)
    assert len(landready.read(packed(tmp_path), role="stops").frame) == 4
    assert {entry.recognition.role for entry in landready.check(tmp_path).layers} == {"stations", "stops"}


def test_a_holiday_is_no_ordinary_day(tmp_path):
    changed = "service_id,date,exception_type\nvardag,20261102,2\nhelg,20261102,1\n"
    assert departures(packed(tmp_path, calendar_dates=changed))[1] == "2026-11-03"


def test_days_may_all_be_told_one_by_one(tmp_path):
    days = "service_id,date,exception_type\nvardag,20261104,1\nvardag,20261107,1\n"
    found, day = departures(packed(tmp_path, calendar=None, calendar_dates=days))
    assert (day, found["floda"]) == ("2026-11-04", 1)


def test_trips_that_repeat_themselves(tmp_path):
    often = "trip_id,start_time,end_time,headway_secs\na,06:00:00,08:00:00,600\na,24:00:00,25:00:00,1800\n"
    assert departures(packed(tmp_path, frequencies=often))[0]["l1"] == 14


def test_no_weekday_is_unknown_not_zero(tmp_path):
    stops, day = stops_from(
        read_timetable(packed(tmp_path, calendar=CALENDAR.replace("vardag,1,1,1,1,1", "vardag,0,0,0,0,0")))
    )
    assert day is None
    assert stops["departures"].isna().all()


def test_what_is_no_timetable_is_refused(tmp_path):
    path = packed(tmp_path, trips=None)
    assert not is_timetable(path)
    with pytest.raises(FileError, match=r"trips\.txt"):
        read_timetable(path)


def test_all_missing_columns_at_once(tmp_path):
    path = packed(tmp_path, stops=STOPS.replace("stop_lat", "lat"), trips=TRIPS.replace("service_id", "tjanst"))
    with pytest.raises(ColumnError) as error:
        read_timetable(path)
    assert "stop_lat" in str(error.value)
    assert "service_id" in str(error.value)


def test_dates_and_times_that_cannot_be_read_are_told_together(tmp_path):
    often = "trip_id,start_time,end_time,headway_secs\na,sex,08:00:00,600\n"
    path = packed(tmp_path, calendar=CALENDAR.replace("20261113", "20261313"), frequencies=often)
    with pytest.raises(InputError) as error:
        read_timetable(path)
    assert {finding.values["column"] for finding in error.value.findings} == {"end_date", "start_time"}


def test_a_damaged_archive_is_refused(tmp_path):
    path = packed(tmp_path)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)
    with pytest.raises(FileError):
        read_timetable(path)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_a_loop_over_every_trip_counts_the_same(tmp_path_factory, seed):
    rng = random.Random(seed)
    start = dt.date(2026, 11, 2)
    services = {f"s{k}": [rng.random() < 0.6 for _ in WEEK] for k in range(3)}
    exceptions = {(rng.choice(list(services)), rng.randrange(14)): rng.choice("12") for _ in range(4)}
    trips = {f"t{k}": rng.choice(list(services)) for k in range(8)}
    stops = {trip: [rng.choice(["l1", "l2", "floda"]) for _ in range(rng.randint(2, 4))] for trip in trips}

    def runs(service, day):
        told = exceptions.get((service, day))
        return told == "1" or (told is None and services[service][(start + dt.timedelta(day)).weekday()])

    counts = {day: sum(runs(service, day) for service in trips.values()) for day in range(14)}
    weekdays = {d: n for d, n in counts.items() if (start + dt.timedelta(d)).weekday() < 5 and n}
    path = packed(
        tmp_path_factory.mktemp("gtfs"),
        trips="trip_id,service_id\n" + "".join(f"{trip},{service}\n" for trip, service in trips.items()),
        stop_times="trip_id,stop_id,stop_sequence\n"
        + "".join(f"{trip},{stop},{k}\n" for trip, way in stops.items() for k, stop in enumerate(way)),
        calendar=f"service_id,{','.join(WEEK)},start_date,end_date\n"
        + "".join(f"{s},{','.join(str(int(d)) for d in days)},20261102,20261115\n" for s, days in services.items()),
        calendar_dates="service_id,date,exception_type\n"
        + "".join(f"{s},{(start + dt.timedelta(d)):%Y%m%d},{kind}\n" for (s, d), kind in exceptions.items()),
    )
    found, day = departures(path)
    if not weekdays:
        assert day is None
        return
    middle = sorted(weekdays.values())[(len(weekdays) - 1) // 2]
    chosen = min(d for d, n in weekdays.items() if n == middle)
    assert day == (start + dt.timedelta(chosen)).isoformat()
    expected = dict.fromkeys(("lerum", "l1", "l2", "floda"), 0)
    for trip, service in trips.items():
        if runs(service, chosen):
            for stop in stops[trip][:-1]:
                expected[stop] += 1
    assert found == expected


def test_tables_in_a_folder_of_the_zip(tmp_path):
    whole = packed(tmp_path)
    inner = tmp_path / "i mapp.zip"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(inner, "w") as target:
        for name in source.namelist():
            target.writestr(f"trafik 2026/{name}", source.read(name))
            target.writestr(f"__MACOSX/trafik 2026/._{name}", b"x")
        target.writestr("läs mig.txt", "x")
    assert is_timetable(inner)
    assert departures(inner) == departures(whole)
    assert [row.layer for row in landready.check(inner).layers] == ["stationer (GTFS)", "hållplatser (GTFS)"]


def test_tables_that_somebody_has_unpacked(tmp_path):
    whole = packed(tmp_path)
    folder = tmp_path / "underlag" / "trafik"
    with zipfile.ZipFile(whole) as archive:
        archive.extractall(folder)
    assert departures(folder) == departures(whole)
    report = landready.check(folder.parent)
    assert [(row.file, row.layer) for row in report.layers] == [
        ("trafik", "stationer (GTFS)"),
        ("trafik", "hållplatser (GTFS)"),
    ]
    assert [row.layer for row in landready.check(folder).layers] == ["stationer (GTFS)", "hållplatser (GTFS)"]
    stops = landready.read(folder, role="stops")
    assert (stops.source, len(stops.frame)) == ("trafik", 4)


def test_tables_beside_layers_hide_none_of_them(tmp_path):
    with zipfile.ZipFile(packed(tmp_path)) as archive:
        archive.extractall(tmp_path / "underlag")
    (tmp_path / "underlag" / "vägar.gpkg").touch()
    assert [row.file for row in landready.check(tmp_path / "underlag").layers] == ["vägar.gpkg"]


def test_tables_saved_by_a_swedish_spreadsheet(tmp_path):
    whole = packed(tmp_path)
    stops = STOPS.replace('"Floda, södra"', "Floda").replace(",", ";").replace(".", ",")
    others = {
        name: text.replace(",", ";") for name, text in (("trips", TRIPS), ("stop_times", TIMES), ("calendar", CALENDAR))
    }
    (tmp_path / "svenskt").mkdir()
    swedish = packed(tmp_path / "svenskt", stops=stops, **others)
    assert departures(swedish) == departures(whole)
    there = stops_from(read_timetable(swedish))[0].geometry
    assert there.geom_equals_exact(stops_from(read_timetable(whole))[0].geometry, 1e-9).all()


def test_a_timetable_whose_packing_is_damaged_is_read_or_refused_in_words(tmp_path):
    path = tmp_path / "trafik.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {"stops": STOPS, "trips": TRIPS, "stop_times": TIMES * 50, "calendar": CALENDAR}.items():
            archive.writestr(f"{name}.txt", text)
    content = path.read_bytes()
    refused = 0
    for place in range(40, len(content), 7):
        path.write_bytes(content[:place] + b"\xff\xff" + content[place + 2 :])
        try:
            landready.read(path, role="stops")
        except (FileError, InputError):
            refused += 1
    assert refused
