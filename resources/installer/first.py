"""What both programs run first, before they can import any module of theirs: those are in one file beside the
libraries, instead of once in each program. PyInstaller reads the name of that file, and deletes it from `sys`."""

import sys

sys._pyinstaller_pyz = f"{sys._MEIPASS}/modules.pyz"  # type: ignore[attr-defined]
