"""The report on a folder of layers as a page to mail to whoever can mend them: one file that fetches nothing."""

import html
from collections.abc import Iterable

from landready.errors import Finding
from landready.layers.quality import LayerReport, QualityReport
from landready.rules import roles
from landready.texts import Language, text

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
section { border-left: 6px solid #999; padding: .1rem 1rem; margin: 1rem 0; break-inside: avoid }
.usable { border-color: #2b7a3d } .findings { border-color: #c98a00 }
.elsewhere { border-color: #3b6ea5 } .not_usable { border-color: #b3261e }
h1 { font-size: 1.6rem } h2 { font-size: 1.2rem; margin-top: 2rem } h3 { font-size: 1.05rem; margin: .6rem 0 0 }
p { margin: .3rem 0 } .facts, .note { color: #555 }
@media print { body { margin: 0 } }
"""
_WORST_FIRST = ("not_usable", "elsewhere", "findings", "usable")


def check_page(report: QualityReport, language: Language = "sv") -> str:
    """
    Return the report as an HTML page.

    Parameters
    ----------
    report
        What `check` has found. Text from files is shown as text, whatever it holds.
    language
        `"sv"` or `"en"`.

    Returns
    -------
    str
        A page that runs no script and fetches nothing. It names files as they lie in the folder, and no folder above.
    """
    title = html.escape(text("check_page.title", language, name=report.name))
    parts = [f"<h1>{title}</h1>", _paragraph(_counted(report, language))]
    for mark in _WORST_FIRST:
        layers = [layer for layer in report.layers if layer.mark == mark]
        if layers:
            head = text(f"check_page.{mark}", language, count=len(layers))
            parts += [f"<h2>{html.escape(head)}</h2>", *(_section(layer, language) for layer in layers)]
    left = report.missing_in_words(language)
    if left:
        items = "".join(f"<li>{html.escape(line)}</li>" for line in left)
        parts += [f"<h2>{html.escape(text('missing.head', language))}</h2>", f"<ul>{items}</ul>"]
    body = "\n".join(parts)
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{_STYLE}</style>
</head>
<body>
{body}
</body>
</html>
"""


def _counted(report: QualityReport, language: Language) -> str:
    good = sum(layer.mark in {"usable", "findings"} for layer in report.layers)
    return text("check_page.counted", language, count=good, total=len(report.layers))


def _section(layer: LayerReport, language: Language) -> str:
    """Return what one layer is, where it ends, and what was found: errors and warnings first, then mere notes."""
    role = roles()[layer.recognition.role].in_language(language)
    certainty = text(f"certainty.{layer.recognition.certainty}", language)
    why = layer.recognition.why_in_words(language)
    kind = text(f"shape.{layer.kind}", language)
    count = "–" if layer.count < 0 else layer.count
    facts = [text("check_page.role", language, role=role, certainty=certainty, why=why)]
    facts += [text("check_page.facts", language, kind=kind, count=count, crs=layer.crs)]
    if layer.bounds is not None:
        west, south, east, north = (round(value) for value in layer.bounds)
        facts += [text("check_page.bounds", language, west=west, south=south, east=east, north=north)]
    weighty = (finding for finding in layer.findings if finding.severity != "note")
    notes = (finding for finding in layer.findings if finding.severity == "note")
    return "\n".join(
        [
            f'<section class="{layer.mark}">',
            f"<h3>{html.escape(f'{layer.file} · {layer.layer}')}</h3>",
            *(_paragraph(fact, "facts") for fact in facts),
            *_said(weighty, language),
            *_said(notes, language, "note"),
            "</section>",
        ]
    )


def _said(findings: Iterable[Finding], language: Language, kind: str = "") -> list[str]:
    return [_paragraph(finding.text(language), kind) for finding in findings]


def _paragraph(words: str, kind: str = "") -> str:
    return f'<p class="{kind}">{html.escape(words)}</p>' if kind else f"<p>{html.escape(words)}</p>"
