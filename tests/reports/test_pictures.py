"""Pictures that say what they must, and are the same bytes twice."""

import importlib.util
import re
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
import shapely
from matplotlib.image import imread

import landready
from landready import CrsError, FileError, InputError
from landready.reports import pictures
from landready.reports.drawing import _north, _round_length, outlines, printable
from landready.reports.pictures import Sheet, write_pictures
from landready.scoring.scorecard import score
from landready.style.classes import SCORE_LOOKS


@pytest.fixture(scope="module")
def example():
    path = Path(__file__).parents[1] / "webmap" / "examples.py"
    spec = importlib.util.spec_from_file_location("picture_examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SHEET = Sheet("Verksamhetsmark", "2026-11-01", "INTERN", None, ["Lantmäteriet", "SCB"], "sv")


def draw(example, folder, frame=None, **changes):
    folder.mkdir(exist_ok=True)
    frame = example.sites() if frame is None else frame
    given = {"sheet": SHEET, "sites": frame, "context": example.context()}
    given["card"] = score(example.measured(frame), example.PROFILES[1])
    return write_pictures(folder, **(given | changes))


def colour(key):
    """Return a class's colour as it is seen over white."""
    look = SCORE_LOOKS[key]
    solid = np.array([int(look.fill[place : place + 2], 16) for place in (1, 3, 5)]) / 255
    return look.opacity * solid + (1 - look.opacity)


def has(image, wanted, tolerance=0.04):
    return bool((np.abs(image[..., :3] - wanted) < tolerance).all(axis=-1).sum() > 200)


def test_an_overview_and_one_of_each_of_the_best(example, tmp_path):
    files = draw(example, tmp_path, top=2)
    card = score(example.measured(example.sites()), example.PROFILES[1])
    best = card.frame[card.frame["ranked"]].sort_values("rank").index[:2]
    names = [re.sub(r"[^\w]+", "-", key.casefold()) for key in best]
    assert [file.name for file in files] == ["oversikt.png", f"omrade-01-{names[0]}.png", f"omrade-02-{names[1]}.png"]
    image = imread(files[0])
    assert image.shape[:2] == (1240, 1753)
    look = pictures.score_class(card.frame["total"], card.frame["ranked"])
    solid = [key for key in SCORE_LOOKS if key != "unranked"]
    assert any(has(image, colour(key)) for key in solid if look.eq(key).any())
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(file.name for file in files)


def test_the_same_bytes_twice(example, tmp_path):
    for form in ("png", "pdf"):
        first, second = (draw(example, tmp_path / name, top=1, form=form) for name in "ab")
        assert [file.read_bytes() for file in first] == [file.read_bytes() for file in second]
        assert b"Matplotlib" not in first[0].read_bytes()
        assert b"CreationDate" not in first[0].read_bytes()


def test_modelled_is_written_across(example, tmp_path):
    plain = imread(draw(example, tmp_path / "a", top=0)[0])
    marked = Sheet("Verksamhetsmark", "2026-11-01", "INTERN", "Modellerade exempeldata", ["SCB"], "sv")
    over = imread(draw(example, tmp_path / "b", top=0, sheet=marked)[0])
    banner = np.array([0xFF, 0xF3, 0xD6]) / 255
    assert has(over, banner, 0.01)
    assert not has(plain, banner, 0.01)
    assert (np.abs(over - plain).max(axis=-1) > 0.02).mean() > 0.02


def test_text_is_text(example, tmp_path):
    frame = example.sites(ids=("$\\frac{1}{0}$", "a/b\\..\\c", "🏭 <b>", "NUL\x00\x1b", "\ud800 x"))
    sheet = Sheet("$x_$ {{7*7}}", "2026-11-01", "EXTERN", "$\\bad$", ["$$", "\u2028"], "en")
    files = draw(example, tmp_path, frame, sheet=sheet, context=example.context("$\\nolabel{ 🏭"))
    assert all(file.parent == tmp_path for file in files)
    assert files[0].name == "overview.png"


def test_all_sources_stand_on_the_sheet_however_many(example, tmp_path):
    many = Sheet("T", "2026-11-01", "INTERN", None, [f"Källa {n} med ett långt namn" for n in range(80)], "sv")
    image = imread(draw(example, tmp_path, top=0, sheet=many)[0])
    edge = image[-12:, :, :3]
    assert (edge > 0.99).all()  # the last line ends above the edge


def test_marks_of_ranks_keep_apart_and_near():
    rng = np.random.default_rng(4)
    points = np.vstack([rng.uniform(0, 40, (10, 2)), [[500, 500]]])
    marks = pictures._apart(points, 30.0)
    gaps = np.hypot(*(marks[:, np.newaxis] - marks).T)
    assert gaps[~np.eye(11, dtype=bool)].min() >= 0.95 * 30
    assert np.hypot(*(marks - points).T).max() <= 3 * 30 + 1e-9
    assert (marks[0] == points[0]).all()
    assert (marks[-1] == points[-1]).all()


def test_ground_that_nobody_mapped_is_shown(small_study, tmp_path):
    assessment = landready.Study.from_toml(small_study).run()
    assert assessment.land_totals()["unmapped"] > 0
    seen = []
    names = {key: look.label("sv") for key, look in pictures.LAND_LOOKS.items()}
    original = pictures.legend_mark
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pictures, "legend_mark", lambda key, label: seen.append(label) or original(key, label))
        assessment.to_pictures(tmp_path, top=0)
    assert names["unmapped"] in seen


def test_nothing_ranked_and_nothing_at_all(example, tmp_path):
    assert [file.name for file in draw(example, tmp_path / "a", example.sites(ids=()))] == ["oversikt.png"]
    assert [file.name for file in draw(example, tmp_path / "b", example.sites(ids=()), context={})] == ["oversikt.png"]


def test_another_crs_is_refused(example, tmp_path):
    wrong = {name: layer.frame.to_crs(3067) for name, layer in example.context().items()}
    with pytest.raises(CrsError):
        draw(example, tmp_path, context=wrong)


def test_holes_stay_holes():
    holed = shapely.box(0, 0, 10, 10) - shapely.box(4, 4, 6, 6)
    (path,) = outlines([holed])
    assert len(path.codes) == 10
    assert not path.contains_point((5, 5)) or path.codes.tolist().count(1) == 2
    assert outlines([None, shapely.Point(1, 1), shapely.Polygon()]) == []


def test_round_lengths():
    assert [_round_length(most) for most in (1, 1.9, 2, 4.9, 5, 99, 1234)] == [1, 1, 2, 2, 5, 50, 1000]


def test_north_leans_by_the_convergence_of_meridians():
    from pyproj import CRS, Proj

    crs = CRS(3006)
    for east, north in ((338_000, 6_406_000), (500_000, 6_500_000), (850_000, 7_400_000)):
        lon, lat = Proj(crs)(east, north, inverse=True)
        convergence = Proj(crs).get_factors(lon, lat).meridian_convergence
        assert np.degrees(_north((east, north), crs)) == pytest.approx(-convergence, abs=0.05)


def test_signs_that_the_font_lacks():
    assert printable("Åsa $1") == "Åsa $1"
    assert printable("🏭\x00") == "\N{REPLACEMENT CHARACTER}" * 2


def test_a_pdf_is_one_a4_sheet(example, tmp_path):
    pdf = draw(example, tmp_path, top=0, form="pdf")[0].read_bytes()
    box = re.search(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]", pdf)
    assert [round(float(side)) for side in box.groups()] == [842, 595]
    assert any(b"BT" in zlib.decompress(part) for part in _streams(pdf))  # text is text in it, not outlines


def _streams(pdf):
    for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        if match[1][:1] == b"x":
            yield match[1]


def test_of_an_assessment(small_study, tmp_path):
    result = landready.Study.from_toml(small_study).run()
    files = result.to_pictures(tmp_path / "bilder", top=1)
    assert files[0].name == "oversikt.png"
    assert len(files) <= 2
    with pytest.raises(InputError, match="form"):
        result.to_pictures(tmp_path / "bilder", form="svg")
    (tmp_path / "fil").write_text("", encoding="utf-8")
    with pytest.raises(FileError):
        result.to_pictures(tmp_path / "fil")


def test_matplotlib_is_loaded_only_for_pictures():
    code = "import sys, landready.pipeline.assessment; assert 'matplotlib.figure' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
