"""The made-up study that the map's tests share with the browser's."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def example():
    """Return the module `examples`, whose `payload()` is the payload of a made-up study."""
    path = Path(__file__).with_name("examples.py")
    spec = importlib.util.spec_from_file_location("webmap_examples", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
