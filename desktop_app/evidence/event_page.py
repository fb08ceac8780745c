"""Events and what proves them as one HTML page: no script, nothing from outside, always light."""

from collections.abc import Iterable, Iterator
from html import escape

from desktop_app.evidence.proof import Proof, proof_facts
from desktop_app.one_line import on_one_line
from desktop_app.spoken import Speak
from desktop_app.wording import Said

_STYLE = """
:root { color-scheme: light; }
@page { margin: 18mm 16mm; }
body { background: #fff; color: #1c1c1e; font: 10.5pt/1.45 system-ui, "Segoe UI", "Noto Sans CJK JP", sans-serif;
  margin: 2rem auto; max-width: 56rem; padding: 0 1rem; }
section { border-top: 1px solid #d8d8dc; break-inside: avoid; padding: .6rem 0; }
pre { background: #f4f4f6; padding: .6rem .8rem; white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
p { margin: .2rem 0; overflow-wrap: anywhere; }
@media print { body { margin: 0; max-width: none; padding: 0; } }
"""


def event_page(proofs: Iterable[Proof], speak: Speak = str, language: str = "en") -> Iterator[str]:
    """The page, piece by piece, in the language of `speak`, whose code is `language`. All of it is text that
    others wrote."""

    def text(said: str) -> str:
        return escape(on_one_line(speak(said)))

    title = text(Said("Audit events"))
    yield f'<!doctype html>\n<html lang="{escape(language)}">\n<meta charset="utf-8">\n<title>{title}</title>\n'
    yield f"<style>{_STYLE}</style>\n<h1>{title}</h1>\n"
    for proof in proofs:
        facts = "".join(f"<p>{text(fact)}</p>" for fact in proof_facts(proof))
        yield f"<section><pre>{escape(on_one_line(bytes(proof.event).decode()))}</pre>{facts}</section>\n"
    check = Said("The command verify checks these archives: their manifests, and who signed them.")
    yield f"<p>{text(check)}</p>\n</html>\n"
