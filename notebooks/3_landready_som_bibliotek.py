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
# # 3. landready som bibliotek
#
# För dig som har en egen analys och bara vill låna ett par funktioner. Varje funktion tar en GeoDataFrame, och
# svaret har samma index; inget annat av landready behövs. Bredvid står hur man gör med bara geopandas, och att svaren är
# desamma.
#
# Här används en liten påhittad stad: ett rutnät av fastigheter och gator. **Modellerade data – inga verkliga
# fastigheter.**

# %%
import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

import landready

EAST, NORTH, BLOCK = 340_000, 6_406_000, 100


def at(*xy):
    """Ge en plats, i meter från stadens hörn."""
    return (EAST + xy[0], NORTH + xy[1])


corners = [(column, row) for column in range(6) for row in range(5)]
parcels = gpd.GeoDataFrame(
    geometry=[shapely.box(*at(x * BLOCK + 6, y * BLOCK + 6), *at(x * BLOCK + 94, y * BLOCK + 94)) for x, y in corners],
    index=[f"Exempelby 1:{number}" for number in range(1, len(corners) + 1)],
    crs="EPSG:3006",
)
along = [[at(x * BLOCK, y * BLOCK) for x in range(7)] for y in range(6)]
across = [[at(x * BLOCK, y * BLOCK) for y in range(6)] for x in range(7)]
streets = gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in along + across], crs=3006)
streets["speed_kmh"] = 30
station = gpd.GeoDataFrame({"name": ["Centrum"]}, geometry=[shapely.Point(at(0, 0))], crs=3006)
zones = gpd.GeoDataFrame(
    {"zone": ["A", "B", "B"]},
    geometry=[
        shapely.box(*at(0, 0), *at(250, 500)),
        shapely.box(*at(200, 0), *at(600, 300)),
        shapely.box(*at(300, 200), *at(600, 500)),
    ],
    crs=3006,
)
parcels.head()

# %% [markdown]
# ## Avstånd
#
# `distance_to` mäter från kant till närmaste punkt på målet, 0 om de rör vid varandra. `nearest` säger också vilket
# mål det är. Den stora skillnaden mot `sjoin_nearest` är att lika nära mål inte ger dubbla rader.

# %%
metres = landready.distance_to(parcels, station)
plain = parcels.distance(station.geometry.iloc[0])
assert np.allclose(metres, plain)
landready.nearest(parcels, station.set_index("name")).head()

# %% [markdown]
# ## Restid
#
# `travel_time` går längs vägnätet, med enkelriktat och hastigheter. Det som inte kan nås är `inf`, inte tomt.

# %%
walk = landready.travel_time(parcels, streets, station, mode="walk").rename("minuter till fots")
drive = landready.travel_time(parcels, streets, station).rename("minuter med bil")
assert (drive <= walk).all()
pd.concat([walk, drive], axis=1).round(1).head()

# %% [markdown]
# ## Andel som täcks
#
# Zonerna ligger delvis över varandra. `overlap_share` räknar marken en gång; en summa av ytor hade räknat den dubbelt.

# %%
share = landready.overlap_share(parcels, zones)
plain = parcels.intersection(zones.union_all()).area / parcels.area
assert np.allclose(share, plain)
landready.overlap_share(parcels, zones, by="zone").round(2).head()

# %% [markdown]
# ## Form och lutning
#
# `form` ger bland annat största inskrivna cirkel: hur brett är området egentligen? `zonal` väger varje ruta i ett
# raster med den del av den som ligger inom ytan.

# %%
from pyproj import CRS

columns = np.arange(0.0, 70.0)
ramp = landready.Raster(
    "sluttning", np.tile(columns * 0.5, (60, 1)), (10, 0, EAST - 50, 0, -10, NORTH + 550), CRS.from_epsg(3006)
)
steep = landready.zonal(parcels, landready.slope(ramp), stats=["mean", "max"])
assert np.allclose(steep["mean"], 5.0)  # 0,5 m på 10 m
landready.form(parcels).round(2).join(steep.round(2).add_prefix("lutning_")).head()

# %% [markdown]
# ## Mark i klasser, och områden
#
# En restriktion är ett lager och en regel. `classify_land` sorterar marken; hektaren i de fyra klasserna summerar
# alltid till fastighetens areal. `assemble` fogar ihop det som är kvar.

# %%
river = gpd.GeoDataFrame(geometry=[shapely.LineString([at(-50, 260), at(650, 240)])], crs=3006)
rules = [
    landready.Constraint("å", river, buffer_m=10, reason="vatten"),
    landready.Constraint("strandskydd", river, kind="strong", buffer_m=60, legal_basis="MB 7 kap. 13–18 §§"),
]
land = landready.classify_land(parcels, rules)
classes = ["free_ha", "conditional_ha", "excluded_ha", "unmapped_ha"]
assert np.allclose(land.frame[classes].sum(axis=1), parcels.area / 1e4)
land.frame[["area_ha", *classes]].sum().round(2)

# %%
from matplotlib.colors import ListedColormap

sites = landready.assemble(land, min_site_ha=0.5, min_width_m=30, barriers=streets.assign(width_m=12))
words = {"free": "utan kända restriktioner", "conditional": "kräver prövning"}
parts = land.parts.assign(mark=land.parts["land_class"].map(words))
ax = parts.plot(
    "mark",
    cmap=ListedColormap(["#e9b44c", "#4aa8a0"]),
    legend=True,
    legend_kwds={"loc": "lower center", "bbox_to_anchor": (0.5, -0.1), "ncols": 2},
    figsize=(8, 6),
)
streets.plot(ax=ax, color="#bbb", linewidth=1)
river.plot(ax=ax, color="#4a90c2", linewidth=3)
sites.frame.boundary.plot(ax=ax, color="#223", linewidth=1.5)
ax.set_axis_off()
ax.set_title("Marken, ån och utredningsområdena (svart kant)")
sites.frame[["area_ha", "parcels", "main_parcel"]].head()

# %% [markdown]
# Allt som föll bort på vägen står i förteckningen: vad, varför, hur många och hur stort.

# %%
sites.ledger.in_words()
