# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2. Egna lager
#
# Du har en mapp med lager från olika håll. En del är bra, en del är gamla, och i några är något trasigt. Här går vi
# från en sådan mapp till en egen studie: granska, läsa, skriva studiefilen, köra och förstå vad *ej kartlagd* betyder.
# När du är klar byter du mappen mot din egen.
#
# Kör rutorna i ordning med **Skift + Enter**.

# %%
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

import landready

# %% [markdown]
# ## En mapp att öva på
#
# **Modellerade exempeldata – inte verkliga planer eller fastigheter.** Nästa ruta gör en övningsmapp av trakten kring
# Floda i exemplet, med fel av de slag som brukar finnas. Du behöver inte läsa den, bara köra den.
#
# **Med egna lager hoppar du över den.** Skriv i stället `folder = Path("mina lager")`, och byt filernas och kolumnernas
# namn efter hand i rutorna nedanför. Mellanslag och å, ä, ö i namnen går bra.

# %%
folder = Path("../maps/övning/mina lager")
folder.mkdir(parents=True, exist_ok=True)
floda = shapely.box(341_500, 6_408_800, 345_500, 6_412_300)


def part(name, columns, shape=floda):
    """Return what lies in one part of a layer of the example, with columns named as elsewhere."""
    frame = gpd.read_file(landready.example_study().with_name("lerum.gpkg"), layer=name, bbox=shape)
    return frame.clip(shape, keep_geom_type=True).sort_index().rename(columns=columns)[[*columns.values(), "geometry"]]


# Another CRS, Latin-1 text that the file does not tell of, and three properties in two pieces each, so that two rows
# share a name.
parcels = part("parcels", {"parcel_id": "FASTIGHET", "owner_category": "ÄGARTYP", "use": "ÄNDAMÅL"})
parcels["ÄNDAMÅL"] = parcels["ÄNDAMÅL"].map({"road": "väg", "rail": "järnväg", "water": "vatten", "common": "samfällt"})
parcels.loc[parcels.index[[200, 600, 1000]], "FASTIGHET"] = parcels["FASTIGHET"].iloc[[100, 500, 900]].to_numpy()
parcels.to_crs("EPSG:3007").to_file(folder / "fastigheter.shp", encoding="ISO-8859-1")
(folder / "fastigheter.cpg").unlink()

# Values in the words of the municipality, and a plan that somebody entered twice.
words = {"genomforandetid_utgangen": "Genomförandetid utgången", "laga_kraft": "Laga kraft", "overklagad": "Överklagad"}
words |= {"antagen": "Antagen", "granskning": "Granskning", "samrad": "Samråd"}
plans = part("plans", {"plan_id": "PLAN_ID", "name": "PLANNAMN", "status": "STATUS", "permits_business": "VERKSAMHET"})
plans["STATUS"] = plans["STATUS"].map(words)
pd.concat([plans, plans.tail(1)]).to_file(folder / "detaljplaner 2026.gpkg")
buildings = part("buildings", {"use": "ÄNDAMÅL"})
words = {"dwelling": "Bostad", "business": "Verksamhet", "public": "Samhällsfunktion", "farm": "Ekonomibyggnad"}
buildings.assign(ÄNDAMÅL=buildings["ÄNDAMÅL"].map(words)).to_file(folder / "byggnader.gpkg")

# No CRS: the .prj file was lost on the way.
part("nature_reserves", {"name": "NAMN"}).to_file(folder / "naturreservat.shp")
(folder / "naturreservat.prj").unlink()

# Two fields whose outline crosses itself, and one without any geometry.
fields = part("farmland", {"kind": "TYP"}).reset_index(drop=True)
for row in (8, 10):
    corners = shapely.get_coordinates(fields.geometry[row])[:-1]
    corners[[1, 2]] = corners[[2, 1]]
    fields.loc[row, "geometry"] = shapely.Polygon(corners)
fields.loc[12, "geometry"] = None
fields.to_file(folder / "åkermark.gpkg")

# Landslide risk that was mapped in the western half only; its extent is the other layer of the file.
west = shapely.box(341_500, 6_408_800, 343_500, 6_412_300)
part("landslide", {"risk": "risk"}, west).to_file(folder / "skredrisk.gpkg", layer="skred")
gpd.GeoDataFrame({"name": ["karterat"]}, geometry=[west], crs=3006).to_file(folder / "skredrisk.gpkg", layer="karterat")

# And some that are as they should be.
gpd.GeoDataFrame({"name": ["Floda"]}, geometry=[floda], crs=3006).to_file(folder / "utredningens gräns.gpkg")
roads = {"road_number": "VÄGNR", "road_category": "VÄGKATEGORI", "speed_kmh": "HASTIGHET", "motorway": "MOTORVÄG"}
part("roads", roads).to_file(folder / "vägar.gpkg")
part("rail", {"name": "NAMN"}).to_file(folder / "järnväg.gpkg")
part("stations", {"name": "NAMN"}).to_crs("EPSG:4326").to_file(folder / "stationer.geojson")
part("water", {"name": "NAMN", "kind": "TYP"}).to_file(folder / "sjöar och vattendrag.gpkg")
part("shore_protection", {"name": "NAMN"}).to_file(folder / "strandskydd.gpkg")
(folder / "planförteckning.xlsx").write_bytes(b"a table, not a map")
(folder / "byggnader, översatta.gpkg").unlink(missing_ok=True)  # made further down, by an earlier run
print("Övningsmappen är klar:", folder)

# %% [markdown]
# ## Granska mappen
#
# `check` öppnar varje lager och ändrar ingenting. Här visas bara det som kräver att du gör något.

# %%
report = landready.check(folder)
report.in_words()[["fil", "lager", "roll", "koordinatsystem", "omdöme"]]

# %%
for layer in report.layers:
    for finding in layer.findings:
        if finding.severity != "note":
            print("•", finding.text())

# %% [markdown]
# Så här läser du det:
#
# | Det står | Det betyder | Gör så |
# |---|---|---|
# | *inte användbart* | lagret går inte att läsa som det är | rätta det som står, i filen eller när du läser den |
# | *ingen kolumn ger parcel_id* | landready vet inte vilken kolumn som har fastighetens namn | säg det med `columns` |
# | *rader delar id* | samma objekt i flera delar, inlagt två gånger, eller olika objekt med samma namn | titta efter, och svara med `duplicates` |
# | *saknar koordinatsystem* | .prj-filen har kommit bort | gissa inte: fråga den som gjorde lagret, och svara med `source_crs` |
# | *saknar geometri* | en rad utan yta på kartan; den utelämnas | leta upp raden om den är viktig |
# | *ogiltiga och reparerades* | en gräns korsar sig själv; ytan kan ha ändrats | se på raden i QGIS |
#
# Rollen är en gissning efter namnen. `utredningens gräns` känns inte igen, och `karterat` tas för skredrisk fastän det
# är gränsen för karteringen. Det gör inget: i studien säger du själv vad varje lager är.
#
# Rapporten säger också vad analysen inte kan svara på, och vilka filer som inte är genomgångna. Detaljplanerna räknas
# som borta så länge deras lager inte är användbart.

# %%
for line in report.missing_in_words():
    print("•", line)

# %% [markdown]
# Vilka kolumner finns? De står till höger när du kopplar dem nedan.

# %%
for layer in report.layers:
    print(f"{layer.file} · {layer.layer}:", ", ".join(layer.columns))

# %% [markdown]
# ## Läsa ett lager
#
# `role` säger vad lagret är och `columns` vad kolumnerna heter: landreadys namn till vänster, filens till höger.
# Skriver du fel får du veta vad som finns.

# %%
try:
    landready.read(folder / "fastigheter.shp", role="parcels", columns={"parcel_id": "FASTIGHETSBETECKNING"})
except landready.LandreadyError as error:
    print(error)

# %% [markdown]
# Kolumnen heter alltså `FASTIGHET`. Med den rättad kommer nästa fråga, som måste besvaras av någon som känner lagret:

# %%
try:
    landready.read(folder / "fastigheter.shp", role="parcels", columns={"parcel_id": "FASTIGHET"})
except landready.LandreadyError as error:
    print(error)

# %% [markdown]
# Här är det fastigheter i flera skiften, så svaret är `"dissolve"`: lägg ihop dem.
#
# * `crs` är systemet du vill ha lagret i, här SWEREF 99 TM.
# * `known_extent` är var lagret är kartlagt, här inom utredningens gräns. Utanför den är svaret *okänt*.
# * `modelled` säger att innehållet är påhittat. Det ska inte stå på dina egna lager.

# %%
boundary = landready.read(folder / "utredningens gräns.gpkg", role="area", crs="EPSG:3006", modelled=True)
parcels = landready.read(
    folder / "fastigheter.shp",
    role="parcels",
    columns={"parcel_id": "FASTIGHET", "use": "ÄNDAMÅL"},
    duplicates="dissolve",
    crs="EPSG:3006",
    known_extent=boundary,
    modelled=True,
)
for finding in parcels.findings:
    print("•", finding.text())
parcels.frame.head()

# %% [markdown]
# Inget försvinner utan att det syns. Det som utelämnades eller ändrades står i lagrets förteckning. Kolumnen `ÄGARTYP` lästes
# aldrig, för ingen bad om den. Rader utan namn räknas från 0: rad 8 är den nionde i filen.

# %%
fields = landready.read(folder / "åkermark.gpkg", role="farmland", known_extent=boundary, modelled=True)
(parcels.ledger + fields.ledger).in_words()

# %% [markdown]
# ## När värdena heter något annat
#
# Det här är lätt att missa, för **det är inget fel**. Reglerna frågar efter bostäder med ordet `dwelling`. Står det
# `Bostad` träffar de ingenting, och bostadshus räknas som mark att bygga på. Saknas ett värde som studien frågar efter,
# och det står något annat där, får du en varning. Säkrast är att översätta kolumnen i en kopia av lagret.
# Alla värden som reglerna frågar efter står i dokumentationen, på sidan *Roller*.

# %%
buildings = gpd.read_file(folder / "byggnader.gpkg")
print(buildings["ÄNDAMÅL"].value_counts().to_string())
buildings["ÄNDAMÅL"] = buildings["ÄNDAMÅL"].replace({"Bostad": "dwelling"})
buildings.to_file(folder / "byggnader, översatta.gpkg")

# %% [markdown]
# ## Den första studien
#
# Studien är en textfil. `landready init study.toml` i en terminal skriver en mall med förklaringar; här bygger vi en
# stycke för stycke. Du kan lika gärna skriva den i en textredigerare. Gör du det, hoppa över de fyra rutorna och skriv
# `study_file = Path("study.toml")`, så att de inte skriver över din fil.
#
# Först vad studien heter, och var den letar: inom utredningens gräns, och högst 1,5 km från järnvägen. Ta bort
# `[[area.corridors]]` om du vill ha allt.

# %%
head = """
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
"""

# %% [markdown]
# Sedan lagren. Sökvägar räknas från studiefilens mapp. `known_extent = "area"` är ett löfte: *hela området är kartlagt,
# så inget funnet betyder att inget finns*. Skriv det bara när du vet. Skredrisken är karterad i västra halvan, och det
# säger vi genom att peka på lagret med karteringens gräns.
#
# `modelled = true` står på varje lager, för allt kommer från exemplet. Därför får kartan påskriften *Modellerade
# exempeldata – inte verkliga planer eller fastigheter*. På dina egna lager tar du bort raden.

# %%
layers = """
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
"""

# %% [markdown]
# Restriktionerna. De svenska reglerna följer med. Skriver du samma `id` som en av dem ändras bara det du anger. Här får
# fyra regler veta vad våra värden heter, en stängs av och en läggs till. Att en regel är avstängd står i resultatet.

# %%
rules = """
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
"""

# %% [markdown]
# Sist hur stora områdena ska vara, vad som mäts, och vad som är viktigt för en verksamhetstyp. Vikterna är poäng, och
# ett krav är något annat än ett önskemål. Alla tal här är antaganden; byt dem mot era egna.

# %%
judgement = """
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

study_file = folder.parent / "study.toml"
study_file.write_text(head + layers + rules + judgement, encoding="utf-8")
print("Skrev", study_file)

# %% [markdown]
# Kör den. Är något fel i filen får du veta allt på en gång.

# %%
from landready.texts import text

said = set()


def show(step, done, total):
    """Write each step once, when it begins."""
    if step not in said:
        said.add(step)
        print("…", text(f"step.{step}"))


result = landready.Study.from_toml(study_file).run(progress=show)
print(result.summary())

# %% [markdown]
# Läs varningarna före listan. *Inte prövad* betyder att vi saknar lagret eller kolumnen: marken är varken godkänd eller
# underkänd på den punkten.

# %%
for finding in result.findings:
    if finding.severity != "note":
        print("•", finding.text())

# %% [markdown]
# En kontroll till, för värden som heter något annat. De här reglerna prövades men träffade ingen mark alls. Är det
# rimligt? Här är det så: inga sådana planer eller vägar finns i trakten. Hade *Bostad med närmaste tomt* stått i listan
# hade översättningen ovan saknats.

# %%
tested = result.land.constraints
for label in tested.loc[tested["affected_ha"] == 0, "label"]:
    print("•", label)

# %% [markdown]
# Kortlistan. *total* är poängen (0–1), med det spann som det okända lämnar öppet; *coverage_share* är hur stor del
# av bedömningen som vilar på värden vi känner.

# %%
card = result.scorecards["lager"]
shortlist = result.sites.frame.join(card.frame).query("ranked").sort_values("rank")
shortlist[["rank", "total", "total_low", "total_high", "coverage_share", "area_ha", "free_ha"]].head(8).round(2)

# %% [markdown]
# Varför kom det första området först?

# %%
print(landready.explain(card, shortlist.index[0]))

# %% [markdown]
# Kartan, här i rutan och som fil. Bocka för *Ej kartlagd mark* under *Lager*: mycket av det tomma i öster är inte
# olämpligt, bara inte undersökt. Alla resultat på en gång – karta, tabeller och GeoPackage – skriver
# `result.write("resultat")`.

# %%
result.to_map(folder.parent / "karta över Floda.html")

# %% [markdown]
# ## Ej kartlagd
#
# Skredrisken är karterad i västra halvan. Vad hade hänt om vi inte sagt det, eller sagt fel? Samma studie, tre svar på
# frågan *var är lagret kartlagt?*


# %%
def run_with(extent):
    """Run the study with another answer to where landslide risk was mapped."""
    declared = study_file.read_text(encoding="utf-8")
    other = study_file.with_name("study-prov.toml")
    other.write_text(declared.replace('known_extent = "skred_karterat"\n', extent), encoding="utf-8")
    return landready.Study.from_toml(other).run()


runs = {
    "karteringens gräns": result,
    "inget svar": run_with(""),
    "hela området (fel)": run_with('known_extent = "area"\n'),
}
hectares = pd.DataFrame({name: run.land_totals() for name, run in runs.items()}).round(1)
hectares.rename(index=lambda name: text(f"word.{name}"))

# %% [markdown]
# * **Hela området (fel)** ger östra halvan mark utan kända restriktioner, fastän ingen har undersökt den. Vi påstod
#   bara att någon hade gjort det.
# * **Inget svar** räknar rutan kring skredzonerna som kartlagd, och säger det i en varning. Här är rutan för liten. I
#   ett annat lager kan den vara för stor och täcka mark som ingen har undersökt.
# * **Karteringens gräns** är det som är sant. Mark som ändå kräver prövning, eller är undantagen, ändras inte.
#
# Så här ser det ut på en plats. Vi tar det område som kom högst med fel svar och som försvinner med rätt svar, och ser
# vad samma fastigheter består av i de tre körningarna, i hektar:

# %%
from landready.texts import number

wrong = runs["hela området (fel)"]
ranked = wrong.scorecards["lager"].frame.query("ranked").sort_values("rank")
in_a_site = wrong.sites.members.set_index("site_id")["parcel_id"]
lost = next(site for site in ranked.index if not in_a_site[[site]].isin(result.sites.members["parcel_id"]).any())
print(
    f"{lost}: plats {number(ranked.loc[lost, 'rank'], decimals=0)}, {number(wrong.sites.frame.loc[lost, 'area_ha'])} ha"
)

names = ["free", "conditional", "excluded", "unmapped"]
ground = {name: run.land.frame.loc[in_a_site[[lost]]] for name, run in runs.items()}
ground = pd.DataFrame({name: parcels[[f"{c}_ha" for c in names]].sum() for name, parcels in ground.items()})
ground.round(1).set_axis([text(f"word.{name}") for name in names])

# %% [markdown]
# Det finns alltså ett område på kortlistan som bara beror på att ingen har letat. **Det som ingen har undersökt är aldrig
# fri mark.** Vill du ha svar om östra halvan behövs en kartering, inte en annan inställning.
#
# Också där mark redan kräver prövning, och därför finns kvar i öster, märks det: skredrisken är okänd, och poängen blir
# ett spann.

# %%
unsure = shortlist.index[shortlist["coverage_share"] < 0.999][0]
print(landready.explain(card, unsure))

# %% [markdown]
# ## Vad du gör nu
#
# 1. Byt övningsmappen mot din egen, ta bort `modelled = true` och de lager du inte har, och kör igen.
# 2. Fråga för varje lager: **var har någon letat?** Skriv `known_extent` efter svaret.
# 3. Gå igenom reglerna som inte träffade något, och de som inte är prövade.
# 4. Visa kartan för någon som känner marken.
#
# I dokumentationen (mappen `docs`) finns *Kom igång* med samma väg i terminalen, *Ladda ned* om var lagren finns,
# *Roller* med alla kolumner och värden, *Studiefilen* med alla nycklar, *Restriktioner* med alla regler, och *Lägga till*
# om egna restriktioner, kriterier och verksamhetstyper. Hur hela exemplet ser ut står i
# [1. Från lager till kortlista](1_fran_lager_till_kortlista.ipynb), och hur du lånar enstaka funktioner i
# [3. landready som bibliotek](3_landready_som_bibliotek.ipynb).
#
# **Kom ihåg:** det här är ett underlag för prövning, inget beslut.
