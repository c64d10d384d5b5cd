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
# # 4. Hur säker är rangordningen?
#
# **Modellerade exempeldata – inte verkliga planer eller fastigheter.**
#
# "Och om vi viktar annorlunda?" Den frågan kommer på varje möte. Här får den ett svar: vi prövar tusentals sätt att
# vikta och ser vilka områden som står sig. Läs det på fem minuter; kör det på en.

# %%
from hjalp import hur_ofta, rita_platser, visa_steg

import landready
from landready import scoring

result = landready.Study.from_toml(landready.example_study()).run(progress=visa_steg())

# %% [markdown]
# ## Kortlistan, i ord
#
# Varje vikt får nu vara allt mellan hälften och en och en halv gånger studiens, oberoende av de andra. För varje
# område som någon gång kommer med bland de tre bästa står här hur ofta det är med, och vilken enskild vikt som skulle
# ändra det.

# %%
firm = result.firmness("logistik")
for sentence in firm.sentences.head(5):
    print("•", sentence)

# %% [markdown]
# Ett område som är med i nästan alla viktningar kan man gå vidare med utan att först enas om vikterna. Är det med i
# hälften av dem är det vikterna som avgör, och då är det dem man behöver tala om. Procenten säger inte hur troligt det är
# att området är rätt val, bara hur mycket valet beror på vikterna.

# %%
hur_ofta(firm)

# %%
rita_platser(firm)

# %% [markdown]
# ## Om man inte vill sätta några vikter
#
# Man kan nöja sig med att säga vad som är viktigare än vad. Då prövas alla vikter som följer den ordningen. Här kommer
# körtiden till E20 först, sedan plan mark, sedan storlek; allt annat väger mindre.

# %%
weights = result.scorecards["logistik"].weights
rest = [name for name in weights.index if name not in {"e20_min", "slope_pct", "area_ha"}]
order = scoring.ordinal_weights(["e20_min", "slope_pct", "area_ha", rest])
hur_ofta(result.firmness("logistik", weights=order))

# %% [markdown]
# ## Vikter från en workshop
#
# Tre personer har rangordnat samma fem kriterier för kontor, det viktigaste först. Ordningen blir vikter: mest till det
# första, sedan allt mindre (metoden heter ROC). Sedan prövas var och ens vikter, i stället för ett medelvärde som ingen av
# dem står för.

# %%
answers = {
    "näringslivschefen": ["station_min", "stop_m", "fibre_share", "centre_m", "flood_share"],
    "planarkitekten": ["station_min", "centre_m", "flood_share", "stop_m", "fibre_share"],
    "miljöstrategen": ["flood_share", "station_min", "stop_m", "centre_m", "fibre_share"],
}
judges = {
    person: scoring.rank_order_centroid(answer).reindex(result.scorecards["kontor"].weights.index, fill_value=0.0)
    for person, answer in answers.items()
}
hur_ofta(result.firmness("kontor", weights=scoring.judged_weights(judges, spread=0.2)))

# %% [markdown]
# De nya vikterna skrivs in i studiefilen, i verksamhetstypens `weights`. I kartan går det att dra i dem först:
# knappen **Kopiera som TOML** ger raderna.
#
# ## Vad skulle göra listan säkrare?
#
# En del av osäkerheten kommer från vikterna, en del från underlaget: det som är okänt kan visa sig vara hur bra eller hur
# dåligt som helst. Här prövas båda samtidigt. Tabellen efteråt delar upp osäkerheten om varje områdes plats.

# %%
print(firm.in_words())

# %%
split = (firm.with_data.split.loc[firm.sentences.index] * 100).round().astype("Int64")
split.columns = ["från vikterna, %", "från underlaget, %", "från båda tillsammans, %"]
split.rename_axis("utredningsområde").head(5)

# %% [markdown]
# ## Och med en annan metod?
#
# Poängen är en viktad summa: en styrka på ett håll väger upp en svaghet på ett annat. Med en viktad produkt gör den det
# bara till en del, och den som har noll i ett kriterium får noll totalt. De områden som ligger överst i båda gör det inte
# på grund av metoden; de andra bör man titta närmare på.

# %%
card = result.scorecards["logistik"]
utilities = card.utilities[card.frame["ranked"]]
product = scoring.weighted_product(utilities, weights=weights)
by_sum, by_product = (frame.sort_values("rank").index[:5] for frame in (card.frame, product.frame))
print("Viktad summa:  ", ", ".join(by_sum))
print("Viktad produkt:", ", ".join(by_product))
print("I båda:        ", ", ".join(by_sum.intersection(by_product, sort=False)))

# %% [markdown]
# **Kom ihåg:** att ett område står sig under alla vikter betyder inte att det är bäst, bara att det är bäst enligt det som
# är mätt. Det som saknas i underlaget står på områdets kort i kartan.
