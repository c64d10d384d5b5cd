"""Parse XML from strangers: no DTD, so no entities of its own and none from elsewhere; limits on size and depth.

Names are kept without their namespaces, which the two schemas of a plan file do not need.
"""

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from landready.errors import FileError, Finding

_MOST_BYTES = 100_000_000
_DEEPEST = 60
_CHUNK = 1 << 20


def parse_xml(path: Path) -> Element:
    """
    Return the root of an XML file.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    FileError
        If it is too large, nested too deep, not well formed, or declares a DTD.
    """
    if path.stat().st_size > _MOST_BYTES:
        raise FileError(Finding("plan_too_large", {"file": path.name, "megabytes": _MOST_BYTES // 1_000_000}))
    tree = _Tree(path.name)
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                tree.parser.Parse(chunk, False)
        tree.parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise FileError(Finding("plan_xml", {"file": path.name, "why": str(error)})) from error
    return tree.builder.close()


class _Tree:
    """What expat tells, made into a tree; it refuses as soon as it meets what no plan file has."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.depth = 0
        self.builder = TreeBuilder()
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data

    def _refuse(self, *_: Any) -> None:
        raise FileError(Finding("plan_xml_entities", {"file": self.file}))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FileError(Finding("plan_xml_deep", {"file": self.file}))
        self.builder.start(_local(name), {_local(key): value for key, value in attributes.items()})

    def _end(self, name: str) -> None:
        self.depth -= 1
        self.builder.end(_local(name))


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]
