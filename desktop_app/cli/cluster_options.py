"""The options that say which cluster does the work of a command, as one value."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from desktop_app.actions.backfill_days import Elsewhere
from desktop_app.wording import Said

_OPTIONS = (
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Have the workers of a Dask scheduler read and pack: tls://HOST:PORT, or local.",
    ),
    click.option(
        "--pieces", metavar="PLACE", help="Where workers put what they make: a shared folder or a bucket."
    ),
    click.option("--tls-ca", metavar="FILE", help="For tls://, the certificate of the authority, in PEM."),
    click.option("--tls-cert", metavar="FILE", help="This computer's certificate."),
    click.option("--tls-key", metavar="FILE", help="The key of that certificate."),
)


def with_cluster(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options; it gets what they say as `elsewhere`, None where it is to be done here."""

    @wraps(command)
    def gathering(
        cluster: str | None,
        pieces: str | None,
        tls_ca: str | None,
        tls_cert: str | None,
        tls_key: str | None,
        **others: Any,
    ) -> None:
        tls = _certificates(tls_ca, tls_cert, tls_key)
        if not cluster and (pieces or tls):
            raise click.UsageError(Said("{option} is for {other}.", option="--pieces, --tls-…", other="--cluster"))
        command(elsewhere=Elsewhere(cluster, pieces or "", tls) if cluster else None, **others)

    taking: Callable[..., None] = gathering
    for option in reversed(_OPTIONS):
        taking = option(taking)
    return taking


def _certificates(*files: str | None) -> tuple[str, str, str] | None:
    given = [file for file in files if file]
    if not given:
        return None
    if len(given) < 3:
        raise click.UsageError(Said("{options} belong together.", options=("--tls-ca", "--tls-cert", "--tls-key")))
    return given[0], given[1], given[2]
