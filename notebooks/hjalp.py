"""Hjälp till anteckningsböckerna: det som inte behöver läsas för att förstå dem."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

import landready
from landready.texts import number, text

FLODA = shapely.box(341_500, 6_408_800, 345_500, 6_412_300)


def visa_steg():
    """Ge en funktion som skriver varje steg när det börjar."""
    sagda = set()

    def visa(steg, _klara, _alla):
        if steg not in sagda:
            sagda.add(steg)
            print("…", text(f"step.{steg}"))

    return visa


def varningar(anmarkningar):
    """Skriv det som kräver att någon gör något; upplysningar utelämnas."""
    for anmarkning in anmarkningar:
        if anmarkning.severity != "note":
            print("•", anmarkning.text())


def marken(resultat):
    """Skriv hektar i de fyra klasserna."""
    for klass, hektar in resultat.land_totals().items():
        print(f"{text(f'word.{klass}'):<30} {number(hektar):>10} ha")


def basta(resultat, typ, antal=10):
    """Ge de bäst rangordnade områdena för en verksamhetstyp, med rubriker på svenska."""
    bedomning = resultat.scorecards[typ].frame
    bast = bedomning[bedomning["ranked"]].sort_values("rank").head(antal)
    return pd.DataFrame(
        {
            "rang": bast["rank"].astype(int),
            "poäng": (bast["total"] * 100).map(number),
            "lägst": (bast["total_low"] * 100).map(number),
            "högst": (bast["total_high"] * 100).map(number),
            "underlag, %": (bast["coverage_share"] * 100).round().astype(int),
            "ha": resultat.sites.frame.loc[bast.index, "area_ha"].map(number),
        }
    ).rename_axis("utredningsområde")


def _del_av(lager, kolumner, yta=FLODA):
    """Ge det som ligger i en del av ett av exemplets lager, med kolumner som heter som på andra håll."""
    ram = gpd.read_file(landready.example_study().with_name("lerum.gpkg"), layer=lager, bbox=yta)
    return ram.clip(yta, keep_geom_type=True).sort_index().rename(columns=kolumner)[[*kolumner.values(), "geometry"]]


def gor_ovningsmapp(folder):
    """Skriv lager från trakten kring Floda i exemplet, med fel av de slag som brukar finnas."""
    folder.mkdir(parents=True, exist_ok=True)
    floda, part = FLODA, _del_av

    # Ett annat koordinatsystem, en teckenkodning som filen inte talar om, och tre fastigheter i två skiften, så att två
    # rader delar namn.
    parcels = part("parcels", {"parcel_id": "FASTIGHET", "owner_category": "ÄGARTYP", "use": "ÄNDAMÅL"})
    parcels["ÄNDAMÅL"] = parcels["ÄNDAMÅL"].map(
        {"road": "väg", "rail": "järnväg", "water": "vatten", "common": "samfällt"}
    )
    parcels.loc[parcels.index[[200, 600, 1000]], "FASTIGHET"] = parcels["FASTIGHET"].iloc[[100, 500, 900]].to_numpy()
    parcels.to_crs("EPSG:3007").to_file(folder / "fastigheter.shp", encoding="ISO-8859-1")
    (folder / "fastigheter.cpg").unlink()

    # Värden med kommunens egna ord, och en plan som någon lagt in två gånger.
    words = {
        "genomforandetid_utgangen": "Genomförandetid utgången",
        "laga_kraft": "Laga kraft",
        "overklagad": "Överklagad",
    }
    words |= {"antagen": "Antagen", "granskning": "Granskning", "samrad": "Samråd"}
    plans = part(
        "plans", {"plan_id": "PLAN_ID", "name": "PLANNAMN", "status": "STATUS", "permits_business": "VERKSAMHET"}
    )
    plans["STATUS"] = plans["STATUS"].map(words)
    pd.concat([plans, plans.tail(1)]).to_file(folder / "detaljplaner 2026.gpkg")
    buildings = part("buildings", {"use": "ÄNDAMÅL"})
    words = {"dwelling": "Bostad", "business": "Verksamhet", "public": "Samhällsfunktion", "farm": "Ekonomibyggnad"}
    buildings.assign(ÄNDAMÅL=buildings["ÄNDAMÅL"].map(words)).to_file(folder / "byggnader.gpkg")

    # Inget koordinatsystem: .prj-filen har kommit bort.
    part("nature_reserves", {"name": "NAMN"}).to_file(folder / "naturreservat.shp")
    (folder / "naturreservat.prj").unlink()

    # Två åkrar vars gräns korsar sig själv, och en utan yta.
    fields = part("farmland", {"kind": "TYP"}).reset_index(drop=True)
    for row in (8, 10):
        corners = shapely.get_coordinates(fields.geometry[row])[:-1]
        corners[[1, 2]] = corners[[2, 1]]
        fields.loc[row, "geometry"] = shapely.Polygon(corners)
    fields.loc[12, "geometry"] = None
    fields.to_file(folder / "åkermark.gpkg")

    # Skredrisk som bara är karterad i västra halvan; karteringens gräns är filens andra lager.
    west = shapely.box(341_500, 6_408_800, 343_500, 6_412_300)
    part("landslide", {"risk": "risk"}, west).to_file(folder / "skredrisk.gpkg", layer="skred")
    gpd.GeoDataFrame({"name": ["karterat"]}, geometry=[west], crs=3006).to_file(
        folder / "skredrisk.gpkg", layer="karterat"
    )

    # Och några som är som de ska.
    gpd.GeoDataFrame({"name": ["Floda"]}, geometry=[floda], crs=3006).to_file(folder / "utredningens gräns.gpkg")
    roads = {"road_number": "VÄGNR", "road_category": "VÄGKATEGORI", "speed_kmh": "HASTIGHET", "motorway": "MOTORVÄG"}
    part("roads", roads).to_file(folder / "vägar.gpkg")
    part("rail", {"name": "NAMN"}).to_file(folder / "järnväg.gpkg")
    part("stations", {"name": "NAMN"}).to_crs("EPSG:4326").to_file(folder / "stationer.geojson")
    part("water", {"name": "NAMN", "kind": "TYP"}).to_file(folder / "sjöar och vattendrag.gpkg")
    part("shore_protection", {"name": "NAMN"}).to_file(folder / "strandskydd.gpkg")
    (folder / "planförteckning.xlsx").write_bytes("en tabell, ingen karta".encode())
    (folder / "byggnader, översatta.gpkg").unlink(missing_ok=True)  # från en tidigare körning


def skriv_studiefil(path):
    """Skriv övningens studiefil."""
    Path(path).write_text(STUDIE, encoding="utf-8")


def kor_med(studiefil, utbredning):
    """Kör studien med ett annat svar på var skredrisken är kartlagd."""
    annan = Path(studiefil).with_name("study-prov.toml")
    svar = STUDIE.replace('known_extent = "skred_karterat"\n', utbredning)
    annan.write_text(svar, encoding="utf-8")
    return landready.Study.from_toml(annan).run()


STUDIE = """# Vad studien heter, och var den letar: inom utredningens gräns, och högst 1,5 km från järnvägen. Ta bort
# [[area.corridors]] om du vill ha allt.

[study]
id = "floda"
title = "Övning: mark för verksamheter kring Floda"
date = 2026-11-01
crs = "EPSG:3006"

[area]
layer = "grans"

[[area.corridors]]
layer = "jarnvag"
within_m = 1500

# Lagren. Sökvägar räknas från den här filens mapp. known_extent = "area" är ett löfte: hela området är kartlagt, så
# inget funnet betyder att inget finns. Skredrisken är karterad i västra halvan; därför pekar den på karteringens gräns.
# modelled = true säger att innehållet är påhittat. Ta bort raden på dina egna lager.

[layers.grans]
path = "mina lager/utredningens gräns.gpkg"
role = "area"
modelled = true

[layers.fastigheter]
path = "mina lager/fastigheter.shp"
role = "parcels"
columns = { parcel_id = "FASTIGHET", use = "ÄNDAMÅL" }
duplicates = "dissolve"
known_extent = "area"
modelled = true

[layers.detaljplaner]
path = "mina lager/detaljplaner 2026.gpkg"
role = "plans"
columns = { name = "PLANNAMN", status = "STATUS", permits_business = "VERKSAMHET" }
duplicates = "dissolve"
known_extent = "area"
modelled = true

[layers.byggnader]
path = "mina lager/byggnader, översatta.gpkg"
role = "buildings"
columns = { use = "ÄNDAMÅL" }
known_extent = "area"
modelled = true

[layers.vagar]
path = "mina lager/vägar.gpkg"
role = "roads"
columns = { road_number = "VÄGNR", road_category = "VÄGKATEGORI", speed_kmh = "HASTIGHET", motorway = "MOTORVÄG" }
known_extent = "area"
modelled = true

[layers.jarnvag]
path = "mina lager/järnväg.gpkg"
role = "rail"
known_extent = "area"
modelled = true

[layers.stationer]
path = "mina lager/stationer.geojson"
role = "stations"
columns = { name = "NAMN" }
known_extent = "area"
modelled = true

[layers.vatten]
path = "mina lager/sjöar och vattendrag.gpkg"
role = "water"
known_extent = "area"
modelled = true

[layers.strandskydd]
path = "mina lager/strandskydd.gpkg"
role = "shore_protection"
known_extent = "area"
modelled = true

[layers.naturreservat]
path = "mina lager/naturreservat.shp"
role = "nature_reserves"
source_crs = "EPSG:3006"
known_extent = "area"
modelled = true

[layers.akermark]
path = "mina lager/åkermark.gpkg"
role = "farmland"
known_extent = "area"
modelled = true

[layers.skredrisk]
path = "mina lager/skredrisk.gpkg"
layer = "skred"
role = "landslide"
known_extent = "skred_karterat"
modelled = true

[layers.skred_karterat]
path = "mina lager/skredrisk.gpkg"
layer = "karterat"
role = "area"
modelled = true

# Restriktionerna. De svenska reglerna följer med. Samma id ändrar bara det som skrivs här: fyra regler får veta vad
# våra värden heter, en stängs av och en läggs till.

[[constraints]]
id = "traffic_or_water_parcel"
where = { use = ["väg", "järnväg", "vatten"] }

[[constraints]]
id = "plan_other_use"
where = { status = "Laga kraft", permits_business = false }

[[constraints]]
id = "plan_other_use_expired"
where = { status = "Genomförandetid utgången", permits_business = false }

[[constraints]]
id = "plan_other_use_adopted"
where = { status = ["Antagen", "Överklagad"], permits_business = false }

[[constraints]]
id = "hazmat_rail"
enabled = false

[[constraints]]
id = "nara_reservat"
name = "Nära naturreservat"
role = "nature_reserves"
kind = "info"
buffer_m = 200
reason = "Övning: ett eget önskemål om hänsyn nära reservat."

# Hur stora områdena ska vara, vad som mäts, och vad som är viktigt. Alla tal är antaganden; byt dem mot dina egna.

[sites]
min_site_ha = 1.5
min_width_m = 30
barriers = [{ layer = "vagar", where = { speed_kmh = ">= 70" }, width_m = 12 }, { layer = "jarnvag", width_m = 12 }]

[[criteria]]
id = "station_m"
name = "Avstånd till station"
measure = "distance_to"
layer = "stationer"
value = { kind = "piecewise", points = [[500, 1.0], [3000, 0.0]] }

[[criteria]]
id = "main_road_m"
name = "Avstånd till större väg"
measure = "distance_to"
layer = "vagar"
where = { speed_kmh = ">= 70" }
value = { kind = "piecewise", points = [[0, 1.0], [2000, 0.0]] }

[[criteria]]
id = "business_plan_share"
name = "Andel i detaljplan som medger verksamheter"
measure = "overlap_share"
layer = "detaljplaner"
where = { permits_business = true }
value = { kind = "piecewise", points = [[0, 0.0], [0.8, 1.0]] }

[[criteria]]
id = "skred_share"
name = "Andel med medelhög eller hög skredrisk"
measure = "overlap_share"
layer = "skredrisk"
where = { risk = ["high", "medium"] }
value = { kind = "piecewise", points = [[0, 1.0], [0.5, 0.0]] }

[[profiles]]
id = "lager"
name = "Lager och verkstad"
weights = { main_road_m = 3, business_plan_share = 2, station_m = 1, skred_share = 2 }
requirements = { main_road_m = "<= 1500" }
"""
