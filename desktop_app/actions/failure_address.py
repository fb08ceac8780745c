"""The address that is told of failed runs: kept once it took a message."""

from desktop_app.notify.address import set_address, try_url
from desktop_app.secrets.keeper import Protection
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop


def keep_tried_address(paths: Paths, url: str, stop: Stop) -> Protection:
    """Send a message to `url`, and keep it. Raises what `try_url` and `set_address` raise, and Stopped where
    somebody asked for the end meanwhile: then it is not kept."""
    try_url(paths, url)
    stop.check()
    return set_address(paths, url)
