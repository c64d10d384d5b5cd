"""The benchmark of ranking runs on a small case, and its answers are those of the other libraries."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


def test_answers_agree_on_the_small_case(tmp_path):
    pytest.importorskip("skcriteria", reason="comes with the extra benchmarks")
    out = tmp_path / "ranking.json"
    ended = subprocess.run(
        [sys.executable, HERE / "ranking.py", "--size", "S", "--json", out], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    checks = json.loads(out.read_text(encoding="utf-8"))["checks"]
    assert len(checks) == 4
    assert all(check["agrees"] for check in checks)
