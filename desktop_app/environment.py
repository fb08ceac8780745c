"""The environment for programs of the system that we start."""

import os

from desktop_app.own_program import is_bundled


def system_environment() -> dict[str, str]:
    """Ours, without the libraries of a bundle (PyInstaller), which are not for the system's programs."""
    environment = dict(os.environ)
    if is_bundled():
        original = environment.pop("LD_LIBRARY_PATH_ORIG", "")
        environment["LD_LIBRARY_PATH"] = original
    return environment
