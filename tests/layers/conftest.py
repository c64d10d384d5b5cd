"""What the tests of reading share: the producer of plan files."""

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def producer():
    """Return the module that writes plan files as their producers do."""
    path = Path(__file__).with_name("plan_files.py")
    spec = importlib.util.spec_from_file_location("plan_files", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
