"""Makes the data of Qt's ICU smaller: 31 MB of languages become 3."""

import re
import subprocess
import tempfile
from pathlib import Path

_DATA = re.compile(r"^([0-9a-f]{16}) .* \.rodata\t([0-9a-f]{16}) +(?:\S+ +)?(icudt\d+_dat)$", re.M)
_SOURCE = """\
.section .note.GNU-stack,"",@progbits
.section .rodata
.balign 16
.globl {symbol}
.type {symbol}, @object
{symbol}: .incbin "{data}"
.size {symbol}, . - {symbol}
"""


def shrink_icu_data(library: Path, languages: list[str]) -> None:
    """Write `libicudata.so.NN` anew, with the data of `languages` and what all share, under the same symbol.

    Needs Debian's icu-devtools and binutils. Raises CalledProcessError, ValueError where the library is of
    another make.
    """
    found = _DATA.search(_run("objdump", "-T", str(library)))
    if found is None:
        raise ValueError(f"{library} has no ICU data where it is expected.")
    start, size, symbol = int(found[1], 16), int(found[2], 16), found[3]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        whole = folder / symbol.replace("_dat", "l.dat")  # the name that is inside as well; l for little-endian
        # In this library of data alone, addresses are places in the file.
        whole.write_bytes(library.read_bytes()[start : start + size])
        entries = _run("icupkg", "--list", str(whole)).split()
        unwanted = [entry for entry in entries if not _is_wanted(entry, languages)]
        (folder / "unwanted.txt").write_text("\n".join(unwanted) + "\n", encoding="utf-8")
        _run("icupkg", "--remove", f"{folder}/unwanted.txt", str(whole))
        (folder / "data.s").write_text(_SOURCE.format(symbol=symbol, data=whole.name), encoding="utf-8")
        _run("as", "data.s", "-o", "data.o", folder=folder)
        _run("ld", "-shared", "-soname", library.name, "-o", str(library), "data.o", folder=folder)


def _is_wanted(entry: str, languages: list[str]) -> bool:
    name = entry.rsplit("/", 1)[-1].removesuffix(".res")
    if entry.endswith(".cnv") or entry.startswith(("brkitr/", "rbnf/", "translit/")):
        return False  # legacy encodings, word breaks, spelled numbers, other scripts: nothing asks for them
    of_a_language = re.fullmatch(r"[a-z]{2,3}(_[A-Za-z0-9_]*)?", name) and entry.endswith(".res")
    return not of_a_language or name.split("_")[0] in (*languages, "res")  # res_index, the list itself


def _run(*command: str, folder: Path | None = None) -> str:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
