"""Hjälp till anteckningsböckerna: det som inte behöver läsas för att förstå dem."""

import io
import re
import subprocess
import sys

import geopandas as gpd
import pandas as pd
import shapely

import landready
from landready.cli.grouping import grouped
from landready.scoring.robustness import place_in_words, share_in_words
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
    """Skriv det som kräver att någon gör något, lika för sig; upplysningar utelämnas."""
    for _, sagt in grouped([anmarkning for anmarkning in anmarkningar if anmarkning.severity != "note"], "sv"):
        print("•", sagt)


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
            "känt, %": (bast["coverage_share"] * 100).round().astype(int),
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


def kommando(*ord):
    """Kör ett kommando, som i terminalen, och skriv vad det säger när det är klart."""
    svar = subprocess.run([sys.executable, "-m", "landready", *map(str, ord)], capture_output=True, check=False)
    print((svar.stderr if svar.returncode else svar.stdout).decode("utf-8"))


def valj(studiefil, val):
    """Byt rader i studiefilen: till vänster det som står, till höger det som ska stå."""
    text = studiefil.read_text(encoding="utf-8")
    for gammalt, nytt in val.items():
        if gammalt not in text:
            raise ValueError(f"Det här står inte i {studiefil.name}: {gammalt}")
        text = text.replace(gammalt, nytt)
    studiefil.write_text(text, encoding="utf-8")


def lagg_till(studiefil, mer):
    """Skriv mer sist i studiefilen."""
    studiefil.write_text(studiefil.read_text(encoding="utf-8") + mer, encoding="utf-8")


def mark_som_modellerat(studiefil):
    """Säg om varje lager att det är påhittat, som övningens är."""
    text = studiefil.read_text(encoding="utf-8")
    text = re.sub(r'^(role = "[a-z_]+")$', r"\1\nmodelled = true", text, flags=re.MULTILINE)
    studiefil.write_text(re.sub(r'(, role = "[a-z_]+")', r"\1, modelled = true", text), encoding="utf-8")


def kor_med(studiefil, utbredning):
    """Kör studien med ett annat svar på var skredrisken är kartlagd."""
    annan = studiefil.with_name("study-prov.toml")
    text = studiefil.read_text(encoding="utf-8")
    annan.write_text(text.replace('known_extent = "karterat"', f'known_extent = "{utbredning}"'), encoding="utf-8")
    return landready.Study.from_toml(annan).run()


def hur_ofta(sakerhet, antal=8):
    """Ge de områden som oftast kommer med på kortlistan, med rubriker på svenska."""
    tabell = sakerhet.robustness.frame.sort_values(["shortlist_share", "expected_rank"], ascending=[False, True])
    tabell = tabell.head(antal)
    return pd.DataFrame(
        {
            place_in_words(sakerhet.robustness.shortlist, "sv"): tabell["shortlist_share"].map(_andel),
            "först": tabell["first_share"].map(_andel),
            "plats i nio fall av tio": [
                f"{lag:.0f}–{hog:.0f}" if lag < hog else f"{lag:.0f}"
                for lag, hog in zip(tabell["rank_low"], tabell["rank_high"], strict=True)
            ],
        },
        index=tabell.index,
    ).rename_axis("utredningsområde")


def _andel(andel):
    """Skriv en andel i procent; aldrig 0 eller 100 om den inte är det."""
    return share_in_words(andel, "sv")


def rita_platser(sakerhet, antal=8, platser=6):
    """Rita hur stor del av viktningarna som ger varje område plats 1, 2, 3 …; mörkt är bäst."""
    from IPython.display import Image
    from matplotlib import colormaps
    from matplotlib.figure import Figure

    andelar = sakerhet.robustness.rank_acceptability.loc[hur_ofta(sakerhet, antal).index[::-1]]
    bild = Figure(figsize=(8, 0.5 * len(andelar) + 1), layout="constrained")
    yta = bild.add_subplot()
    fran = pd.Series(0.0, index=andelar.index)
    for plats in andelar.columns[:platser]:
        farg = colormaps["cividis"]((plats - 1) / platser)
        yta.barh(andelar.index.astype(str), andelar[plats] * 100, left=fran, color=farg, label=f"plats {plats}")
        fran += andelar[plats] * 100
    yta.set(xlim=(0, 100), xlabel="procent av viktningarna")
    yta.spines[["top", "right"]].set_visible(False)
    bild.legend(loc="outside right upper", frameon=False)
    bild.supxlabel("Modellerade exempeldata", fontsize=8, color="0.4", x=0.99, ha="right")
    fil = io.BytesIO()
    bild.savefig(fil, format="png", dpi=110)
    return Image(fil.getvalue(), alt="Hur stor del av viktningarna som ger varje område plats 1, 2, 3 och så vidare")
