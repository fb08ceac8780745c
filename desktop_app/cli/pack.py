"""`audit-trails-export pack`, which `backfill --jobs` starts for itself."""

import click


@click.command("pack", hidden=True)
def command() -> None:
    """Pack the days that standard input asks for, a line each, for an export that gives them their place."""
    from desktop_app.export.packers import pack_for_others

    with open(0, "rb", closefd=False) as wishes, open(1, "wb", closefd=False) as answers:
        pack_for_others(wishes, answers)
