import re

import folium
import geopandas as gpd
import pytest
import shapely
from folium import plugins

from landready import save_offline
from landready.errors import InputError
from landready.webmap.offline import offline_page
from landready.webmap.page import walk

HERE = (57.77, 12.27)


def bare():
    return folium.Map(location=HERE, tiles=None)


def everything():
    drawn = bare()
    frame = gpd.GeoDataFrame({"namn": ["Floda"]}, geometry=[shapely.box(12.2, 57.7, 12.3, 57.8)], crs=4326)
    folium.GeoJson(frame, name="Ytor", tooltip=folium.GeoJsonTooltip(["namn"])).add_to(drawn)
    group = folium.FeatureGroup().add_to(drawn)
    folium.Marker(HERE, popup="<b>Här</b>", tooltip="Tips").add_to(group)
    folium.Circle(HERE, radius=400).add_to(group)
    folium.LayerControl().add_to(drawn)
    return drawn


def test_puts_in_leaflet_and_leaves_out_what_nothing_uses(tmp_path):
    path = save_offline(everything(), tmp_path / "karta.html")
    page = path.read_text(encoding="utf-8")
    head = page.split("<body>")[0]
    assert "default-src 'none'" in head
    assert "unsafe-inline" not in re.search(r"script-src ([^;]*)", head)[1]
    assert not re.search(r'(src|href)="?https?:', page.split("<script>")[0])
    assert "bootstrap" not in page
    assert "AwesomeMarkers" not in page
    assert "Volodymyr Agafonkin" in page
    assert "user-scalable" not in page


def test_the_same_map_is_the_same_bytes_however_often_and_is_left_as_it_was():
    drawn = everything()
    first = offline_page(drawn)
    assert offline_page(drawn) == first
    children = [list(element._children) for element in walk(drawn)]
    offline_page(drawn)
    assert [list(element._children) for element in walk(drawn)] == children
    without = bare()
    again = bare()
    assert offline_page(without) == offline_page(again)


@pytest.mark.parametrize(
    ("add", "named"),
    [
        (lambda drawn: folium.TileLayer("OpenStreetMap").add_to(drawn), "TileLayer.*openstreetmap"),
        (
            lambda drawn: folium.WmsTileLayer("https://kartor.example/wms", layers="a", name="Topo").add_to(drawn),
            'WmsTileLayer "Topo": https://kartor.example',
        ),
        (lambda drawn: folium.Marker(HERE, icon=folium.Icon(color="red")).add_to(drawn), "Icon: https"),
        (
            lambda drawn: folium.Marker(HERE, icon=folium.CustomIcon("https://bild.example/x.png")).add_to(drawn),
            "CustomIcon: https://bild.example/x.png",
        ),
        (lambda drawn: plugins.MarkerCluster([HERE]).add_to(drawn), "MarkerCluster.*markercluster"),
        (
            lambda drawn: folium.raster_layers.ImageOverlay("https://bild.example/y.png", [[57, 12], [58, 13]]).add_to(
                drawn
            ),
            "ImageOverlay",
        ),
        (lambda drawn: plugins.FloatImage("https://bild.example/z.png").add_to(drawn), "FloatImage"),
        (lambda drawn: folium.Marker(HERE, popup="<img src='https://bild.example/p.png'>").add_to(drawn), "Html: src="),
        (
            lambda drawn: drawn.get_root().html.add_child(folium.Element('<img src="https://bild.example/q.png">')),
            "HTML: src=https://bild.example/q.png",
        ),
    ],
)
def test_names_what_cannot_be_put_in(add, named, tmp_path):
    drawn = bare()
    add(drawn)
    with pytest.raises(InputError, match=named):
        save_offline(drawn, tmp_path / "karta.html")
    assert list(tmp_path.iterdir()) == []


def test_names_and_links_may_be_addresses():
    drawn = bare()
    folium.FeatureGroup(name="https://namn.example").add_to(drawn)
    folium.Marker(HERE, popup='<a href="https://www.lantmateriet.se">Lantmäteriet</a>').add_to(drawn)
    assert "https://www.lantmateriet.se" in offline_page(drawn)


def test_a_plugin_whose_assets_are_installed_is_put_in(tmp_path, monkeypatch):
    import xstatic.pkg

    folder = tmp_path / "markercluster"
    (folder / "data").mkdir(parents=True)
    (folder / "__init__.py").write_text(f"BASE_DIR = {str(folder / 'data')!r}\n", encoding="utf-8")
    (folder / "data" / "leaflet.markercluster.js").write_text("window.clusters = 1;", encoding="utf-8")
    (folder / "data" / "dot.png").write_bytes(b"png")
    for name in ("MarkerCluster.css", "MarkerCluster.Default.css"):
        (folder / "data" / name).write_text("a{background:url('dot.png')}", encoding="utf-8")
    monkeypatch.setattr(xstatic.pkg, "__path__", [*xstatic.pkg.__path__, str(tmp_path)])
    drawn = bare()
    plugins.MarkerCluster([HERE]).add_to(drawn)
    page = offline_page(drawn)
    assert "window.clusters = 1;" in page
    assert page.count("data:image/png;base64,cG5n") == 2
