# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2. Egna lager
#
# Du har en mapp med lager från olika håll. En del är bra, en del är gamla, och i några är något trasigt. Här går vi
# från en sådan mapp till en egen studie och en karta. Kör rutorna i ordning med **Skift + Enter**.
#
# **Modellerade exempeldata – inte verkliga planer eller fastigheter.** Övningsmappen gäller trakten kring Floda i
# exemplet. Med egna lager hoppar du över `gor_ovningsmapp` och skriver `folder = Path("mina lager")`. Mellanslag och
# å, ä, ö i namnen går bra.

# %%
from pathlib import Path

import geopandas as gpd
import pandas as pd
from hjalp import (
    basta,
    gor_ovningsmapp,
    kommando,
    kor_med,
    lagg_till,
    mark_som_modellerat,
    valj,
    varningar,
    visa_steg,
)

import landready
from landready.texts import text

folder = Path("../maps/övning/mina lager")
gor_ovningsmapp(folder)

# %% [markdown]
# ## 1. Granska mappen
#
# `check` öppnar varje lager och ändrar ingenting. Tabellen visar vad varje lager verkar vara. Under den står vad som
# måste rättas, vad analysen inte kan svara på utan fler lager, och vilka kolumner filerna har.

# %%
report = landready.check(folder)
display(report.in_words()[["fil", "lager", "roll", "koordinatsystem", "omdöme"]])
varningar(finding for layer in report.layers for finding in layer.findings)
print(*report.missing_in_words(), sep="\n")
for layer in report.layers:
    print(f"{layer.file} · {layer.layer}:", ", ".join(layer.columns))

# %% [markdown]
# | Det står | Det betyder | Gör så |
# |---|---|---|
# | *inte användbart* | lagret går inte att läsa som det är | rätta det som står, i filen eller när du läser den |
# | *ingen kolumn ger parcel_id* | landready vet inte vilken kolumn som har fastighetens namn | säg det med `columns` |
# | *rader delar id* | samma objekt i flera delar, inlagt två gånger, eller olika objekt med samma namn | titta efter, och svara med `duplicates` |
# | *saknar koordinatsystem* | .prj-filen har kommit bort | fråga den som gjorde lagret, och svara med `source_crs` |
# | *saknar geometri* | en rad utan yta på kartan; den utelämnas | leta upp raden om den är viktig |
# | *ogiltiga och reparerades* | en gräns korsar sig själv; ytan kan ha ändrats | se på raden i QGIS |
#
# Rollen är en gissning efter namnen. `utredningens gräns` känns inte igen, och `karterat` tas för skredrisk fastän det
# är gränsen för karteringen. I studien säger du själv vad varje lager är.
#
# ## 2. Läs ett lager
#
# `role` säger vad lagret är och `columns` vad kolumnerna heter: landreadys namn till vänster, filens till höger.
# Skriver du fel får du veta vad som finns.

# %%
for column in ("FASTIGHETSBETECKNING", "FASTIGHET"):
    try:
        landready.read(folder / "fastigheter.shp", role="parcels", columns={"parcel_id": column})
    except landready.LandreadyError as error:
        print(error)

# %% [markdown]
# Kolumnen heter alltså `FASTIGHET`. Här är det fastigheter i flera skiften, så svaret på den andra frågan är
# `"dissolve"`: lägg ihop dem. `known_extent` är var lagret är kartlagt, här inom utredningens gräns.
#
# Det som utelämnas eller ändras står i lagrets förteckning. Kolumnen `ÄGARTYP` läses inte, för ingen har bett om den.

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
fields = landready.read(folder / "åkermark.gpkg", role="farmland", known_extent=boundary, modelled=True)
for finding in parcels.findings:
    print("•", finding.text())
(parcels.ledger + fields.ledger).in_words()

# %% [markdown]
# ## 3. När värdena heter något annat
#
# Det här är lätt att missa, för **det är inget fel**. Reglerna frågar efter bostäder med ordet `dwelling`. Står det
# `Bostad` träffar de ingenting, och bostadshus räknas som mark att bygga på. Säkrast är att översätta kolumnen i en
# kopia av lagret, här bredvid mappen. Alla värden som reglerna frågar efter står i dokumentationen, på sidan *Roller*.

# %%
buildings = gpd.read_file(folder / "byggnader.gpkg")
print(buildings["ÄNDAMÅL"].value_counts().to_string())
buildings["ÄNDAMÅL"] = buildings["ÄNDAMÅL"].replace({"Bostad": "dwelling"})
buildings.to_file(folder.parent / "byggnader, översatta.gpkg")

# %% [markdown]
# ## 4. Låt landready skriva studiefilen
#
# Studien är en textfil. `init --from` skriver den efter lagren i mappen. Det här är samma kommando som i terminalen.

# %%
study_file = folder.parent / "study.toml"
kommando("init", study_file, "--from", folder, "--force")
print(study_file.read_text(encoding="utf-8").partition("# --- Utredningsområden")[0])

# %% [markdown]
# ## 5. Gör valen
#
# Raderna märkta `VÄLJ` är frågor. Med egna lager ändrar du dem i en textredigerare; här byts de med `valj`, så att det
# syns vad som ändras: till vänster det som stod, till höger vårt svar.
#
# * **Var letar vi?** Inom utredningens gräns. Den kändes inte igen, så den får en egen rad.
# * **Är lagren kartlagda i hela området?** Ja, alla utom skredrisken. `karterat` är gränsen för den karteringen, som
#   landready gissade.
# * **Vilka kolumner?** Gissningarna stämmer. Byggnaderna tar vi ur den översatta filen.

# %%
valj(
    study_file,
    {
        '"Mark för verksamheter i Vår kommun"': '"Övning: mark för verksamheter kring Floda"',
        "date = 2026-01-01": "date = 2026-11-01",
        '[area]\nlayer = "fastigheter"': '[area]\nlayer = "grans"',
        '# known_extent = "area"': 'known_extent = "area"',
        "mina lager/byggnader.gpkg": "byggnader, översatta.gpkg",
        "[layers]\n": '[layers]\ngrans = { path = "mina lager/utredningens gräns.gpkg", role = "area" }\n',
    },
)
mark_som_modellerat(study_file)  # bara för övningen

# %% [markdown]
# Reglerna för planer och vägfastigheter frågar efter ord som inte står i våra lager. Här får de veta vad orden heter hos
# oss. Samma `id` ändrar regeln, och det som inte skrivs behålls.

# %%
lagg_till(
    study_file,
    """
[[constraints]]
id = "traffic_or_water_parcel"
where = { use = ["väg", "järnväg", "vatten"] }

[[constraints]]
id = "plan_other_use_expired"
where = { status = "Genomförandetid utgången", permits_business = false }
""",
)

# %% [markdown]
# ## 6. Kör
#
# Läs varningarna före listan. *Inte prövad* betyder att lagret eller kolumnen saknas. Sist står de regler som prövades
# men inte träffade någon mark. Är det rimligt? Hade *Bostad med närmaste tomt* stått där hade översättningen saknats.

# %%
result = landready.Study.from_toml(study_file).run(progress=visa_steg())
print(result.summary())
varningar(result.findings)
tested = result.land.constraints
print("Träffade ingen mark:", "; ".join(tested.loc[tested["affected_ha"] == 0, "label"]))

# %% [markdown]
# Kortlistan, och varför det första området kom först. *Lägst* och *högst* är hur poängen kan ändras när det som är
# okänt är utrett.

# %%
shortlist = basta(result, "lager", antal=8)
print(landready.explain(result.scorecards["lager"], shortlist.index[0]))
shortlist

# %%
result.to_map(folder.parent / "karta över Floda.html")

# %% [markdown]
# ## 7. Ej kartlagd mark
#
# Skredrisken är karterad i västra halvan. Vad hade hänt om vi inte sagt det, eller sagt fel? Samma studie, tre svar på
# frågan *var är lagret kartlagt?* Hektar i de fyra klasserna:

# %%
runs = {
    "karteringens gräns": result,
    "inget svar": kor_med(study_file, "bounds"),
    "hela området (fel)": kor_med(study_file, "area"),
}
hectares = pd.DataFrame({name: run.land_totals() for name, run in runs.items()}).round(1)
hectares.rename(index=lambda name: text(f"word.{name}"))

# %% [markdown]
# * **Hela området (fel)** ger östra halvan mark utan kända restriktioner, fastän ingen har undersökt den.
# * **Inget svar** räknar rutan kring skredzonerna som kartlagd, och säger det i en varning.
# * **Karteringens gräns** är det som är sant. Vill du ha svar om östra halvan behövs en kartering.
#
# ## Vad du gör nu
#
# 1. Byt övningsmappen mot din egen, hoppa över `mark_som_modellerat`, och gör dina egna val.
# 2. Fråga för varje lager vilket område det omfattar. Skriv `known_extent` efter svaret.
# 3. Gå igenom reglerna som inte träffade något, och de som inte är prövade.
# 4. Visa kartan för någon som känner marken. Alla resultat på en gång skriver `result.write("resultat")`.
#
# I dokumentationen (mappen `docs`) finns samma väg i terminalen, var lagren finns, alla kolumner och alla regler. Hur
# hela exemplet ser ut står i [1. Från lager till kortlista](1_fran_lager_till_kortlista.ipynb), och hur du lånar
# enstaka funktioner i [3. landready som bibliotek](3_landready_som_bibliotek.ipynb).
#
# **Kom ihåg:** det här är ett underlag för prövning, inget beslut.
