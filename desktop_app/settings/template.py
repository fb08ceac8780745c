"""Settings of one computer as the configuration of others."""

from desktop_app.settings.describe import as_plain
from desktop_app.settings.instance_name import default_instance, earlier_default_instance
from desktop_app.settings.model import Settings


def template(settings: Settings) -> str:
    """`settings` as a config.toml for other computers.

    An instance name that is this computer's own is left out, so that each takes its own: two computers of one
    instance would take each other's archive names.
    """
    import tomlkit

    plain = as_plain(settings)
    if settings.export.instance in (default_instance(), earlier_default_instance()):
        del plain["export"]["instance"]
    if not plain["sources"]:
        del plain["sources"]
    return tomlkit.dumps(plain)
