"""Where the shipped example study lies."""

from importlib import resources
from pathlib import Path


def example_study() -> Path:
    """
    Return the path of the study file of the shipped example, a modelled Lerum.

    Returns
    -------
    pathlib.Path
        `study.toml`, with its layers beside it.

    Examples
    --------
    >>> example_study().name
    'study.toml'
    """
    installed = Path(str(resources.files("landready"))) / "data" / "lerum"
    checkout = Path(__file__).resolve().parents[2] / "data" / "lerum"
    return (installed if installed.is_dir() else checkout) / "study.toml"
