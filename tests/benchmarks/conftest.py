"""The benchmark's scripts import each other as scripts do, and are no tests."""

collect_ignore = ["agreement.py", "case.py", "ours.py", "plain.py", "ranking.py", "run.py", "timing.py"]
