"""`python3 dev.py translations`: brings the texts into the .ts files, and compiles those to .qm.

New texts come in as unfinished; write their translations into the .ts files (by hand, or with `pyside6-linguist`)
and run this again.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import PySide6

from tests.translations.texts import FORMS, ROOT, Text, texts

FOLDER = ROOT / "resources" / "translations"
LANGUAGES = ("de", "ja")
# English has its own file for plurals alone, and so that Qt stops looking for another language.
PLURALS_ONLY = ("en",)
SPOKEN = (*PLURALS_ONLY, *LANGUAGES)
_TOOLS = Path(PySide6.__file__).parent


def main() -> None:
    for language in SPOKEN:
        update(language, ts_file(language))
        compile_translation(language, qm_file(language))


def update(language: str, file: Path) -> None:
    """Bring the texts of the program into a .ts file: new ones unfinished, gone ones out."""
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder) / "texts.py"
        generated.write_text("".join(map(_as_call, texts())), encoding="utf-8")
        options = ["-pluralonly"] if language in PLURALS_ONLY else []
        _run(
            "lupdate", "-silent", "-locations", "none", "-no-obsolete", "-source-language", "en", *options,
            "-target-language", language, *FORMS, generated, "-ts", file,
        )  # fmt: skip


def ts_file(language: str) -> Path:
    """The translations into a language as people edit them."""
    return FOLDER / f"audit-trails_{language}.ts"


def qm_file(language: str) -> Path:
    """The translations into a language as Qt reads them."""
    return FOLDER / f"audit-trails_{language}.qm"


def compile_translation(language: str, to: Path) -> None:
    """Make the .qm of a .ts; unfinished texts stay English."""
    _run("lrelease", "-silent", ts_file(language), "-qm", to)


def _as_call(text: Text) -> str:
    number = ", 0" if text.plural else ""
    arguments = ", ".join(map(_quoted, (text.context, text.source, text.comment)))
    return f"QCoreApplication.translate({arguments}{number})\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _run(tool: str, *arguments: object) -> None:
    name = f"{tool}.exe" if sys.platform == "win32" else tool
    subprocess.run([str(_TOOLS / name), *map(str, arguments)], cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
