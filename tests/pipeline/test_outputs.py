"""Results are moved into place whole."""

import json

import pytest

from landready.pipeline.outputs import MANIFEST, moved_in_whole, sha256


def run(out, files):
    with moved_in_whole(out) as staging:
        for name, content in files.items():
            (staging / name).write_text(content, encoding="utf-8")
        (staging / MANIFEST).write_text(json.dumps({"outputs": dict.fromkeys(files, "")}), encoding="utf-8")


def names(out):
    return sorted(path.name for path in out.iterdir())


def test_makes_the_folder_and_leaves_nothing_else(tmp_path):
    run(tmp_path / "å b" / "ut", {"karta.html": "1"})
    assert names(tmp_path / "å b" / "ut") == ["karta.html", MANIFEST]


def test_a_failure_leaves_the_earlier_results_untouched(tmp_path):
    run(tmp_path, {"karta.html": "first"})

    def fails_half_way():
        with moved_in_whole(tmp_path) as staging:
            (staging / "karta.html").write_text("second", encoding="utf-8")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_half_way()
    assert names(tmp_path) == ["karta.html", MANIFEST]
    assert (tmp_path / "karta.html").read_text(encoding="utf-8") == "first"


def test_stale_outputs_go_but_foreign_files_stay(tmp_path):
    (tmp_path / "mina anteckningar.txt").write_text("kvar", encoding="utf-8")
    run(tmp_path, {"kontor.csv": "1", "industri.csv": "1"})
    run(tmp_path, {"kontor.csv": "2"})
    assert names(tmp_path) == ["kontor.csv", MANIFEST, "mina anteckningar.txt"]


def test_a_manifest_cannot_name_files_elsewhere(tmp_path):
    outside = tmp_path / "other.txt"
    outside.write_text("kvar", encoding="utf-8")
    out = tmp_path / "ut"
    out.mkdir()
    (out / MANIFEST).write_text(json.dumps({"outputs": {"../other.txt": ""}}), encoding="utf-8")
    run(out, {"karta.html": "1"})
    assert outside.exists()


def test_what_a_killed_run_left_is_cleared(tmp_path):
    (tmp_path / ".landready-abc").mkdir()
    (tmp_path / ".landready-abc" / "karta.html").write_text("half", encoding="utf-8")
    run(tmp_path, {"karta.html": "1"})
    assert names(tmp_path) == ["karta.html", MANIFEST]


def test_sha256_of_a_known_content(tmp_path):
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert sha256(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
