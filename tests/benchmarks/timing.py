"""Wall and CPU seconds of the phases of one process, and the most memory it held."""

import json
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PHASES = ("read", "land", "sites", "distances", "plan share", "travel time", "terrain", "score", "write")


class Clock:
    """Measures phases one after another."""

    def __init__(self) -> None:
        self.seconds: dict[str, dict[str, float]] = {}

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.seconds[name] = {"wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu}

    def write(self, path: Path) -> None:
        """Write the phases and the peak; Linux counts it in kilobytes, macOS in bytes."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)
        path.write_text(json.dumps({"phases": self.seconds, "peak_mb": peak}), encoding="utf-8")
