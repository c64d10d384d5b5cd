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
# # 1. Från lager till kortlista
#
# **Modellerade exempeldata – inte verkliga planer eller fastigheter.**
#
# Här går vi från en mapp med lager till en kortlista över mark för verksamheter, och till en karta att visa på ett
# möte. Exemplet är ett modellerat Lerum: kommungränsen, stationerna och ortnamnen är verkliga, resten är påhittat.
#
# Du behöver inte kunna Python. Ställ markören i den första rutan nedan och tryck **Skift + Enter**; gör likadant i
# nästa ruta, och nästa. Siffran till vänster visar att rutan har körts.

# %%
from hjalp import basta, marken, varningar, visa_steg

import landready

study = landready.Study.from_toml(landready.example_study())
print(study.spec.study.title.sv)

# %% [markdown]
# Studien är en textfil. Den säger var vi letar, vilka lager som finns, vad som hindrar och hur ett bra läge ser ut för
# olika slags verksamheter. Nu körs den. Det tar omkring tio sekunder; under tiden skrivs det steg som pågår.

# %%
result = study.run(progress=visa_steg())
print("Klart.")

# %% [markdown]
# ## Vad vi vet om underlaget
#
# Läs det här först. Det som saknas eller är osäkert i lagren står här, och det följer med hela vägen till kartan.

# %%
varningar(result.findings)

# %% [markdown]
# ## Marken i fyra klasser
#
# All mark i området hamnar i en av fyra klasser, i hektar. *Ej kartlagd* betyder att något lager slutar där: vi vet
# inte om något hindrar.

# %%
marken(result)

# %% [markdown]
# ## Utredningsområdena
#
# Mark som hänger ihop, över fastighetsgränser, blir utredningsområden. Här är de tio bästa för den första
# verksamhetstypen. *Känt* är hur stor del av bedömningen som vilar på kända värden, och
# *lägst* och *högst* hur poängen kan ändras när resten är utrett.

# %%
first = result.scorecards["logistik"]
print(first.profile.label("sv"))
basta(result, "logistik")

# %% [markdown]
# Varför kom det bästa området först? Varje poäng går att förklara.

# %%
winner = first.frame["rank"].idxmin()
print(landready.explain(first, winner))

# %% [markdown]
# ## Samma områden, en annan verksamhet
#
# Ett kontor vill ligga nära station och hållplats, en logistikanläggning nära ett motorvägsmot och på plan mark. Därför
# blir ordningen en annan. Områdena är desamma; det är vikterna som skiljer.

# %%
print(result.scorecards["kontor"].profile.label("sv"))
basta(result, "kontor")

# %% [markdown]
# ## Kartan
#
# Klicka på ett område för att se vad poängen består av. Byt verksamhetstyp uppe till höger.

# %%
result.to_map()

# %% [markdown]
# Så här sparas kartan inför mötet. Filen öppnas i en webbläsare, utan nät, och går att mejla. Med
# `audience="extern"` utelämnas det som inte ska spridas, som ägarkategorier.

# %%
from pathlib import Path

folder = Path("../maps")
folder.mkdir(exist_ok=True)
result.to_map(folder / "karta-till-motet.html", audience="extern")
print("Kartan heter karta-till-motet.html och ligger i mappen maps.")

# %% [markdown]
# **Kom ihåg:** det här är ett underlag för prövning, inget beslut. Nästa steg är att prova med egna lager, i
# [2. Egna lager](2_egna_lager.ipynb).
