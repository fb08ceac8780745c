"""The version resource of the Windows programs: what their file properties show."""

from pathlib import Path

_TEMPLATE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),
  kids=[
    StringFileInfo([StringTable('040904B0', [{texts}])]),
    VarFileInfo([VarStruct('Translation', [1033, 1200])])
  ]
)
"""


def write_version_resource(path: Path, version: str, program: str, description: str) -> str:
    """Write the resource of `<program>.exe` as PyInstaller reads it; the path, for its `version` option."""
    numbers = (*(int(part) for part in version.split(".")[:3] if part.isdigit()), 0, 0, 0, 0)[:4]
    texts = {
        "CompanyName": "Audit Trails Export",
        "FileDescription": description,
        "FileVersion": version,
        "InternalName": program,
        "LegalCopyright": "MIT licence; see the folder licences",
        "OriginalFilename": f"{program}.exe",
        "ProductName": "Audit Trails Export",
        "ProductVersion": version,
    }
    pairs = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in texts.items())
    path.write_text(_TEMPLATE.format(numbers=numbers, texts=pairs), encoding="utf-8")
    return str(path)
