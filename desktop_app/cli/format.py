"""`audit-trails-export format`, which `run` starts for itself."""

import click


@click.command("format", hidden=True)
def command() -> None:
    """Format the blocks that standard input asks for as CEF, for a run that builds an archive of them."""
    from desktop_app.export.cef_beside import format_for_other
    from desktop_app.other_process import questions

    with open(1, "wb", closefd=False) as answers:
        format_for_other(questions(), answers)
