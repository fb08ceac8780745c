"""`audit-trails-export`: the headless program."""

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from desktop_app import __version__
from desktop_app.cli.output import Messages, Results, as_output, tell, tell_error, tell_failure, tell_warning
from desktop_app.errors import ExitCode, UserError
from desktop_app.help_texts import SpokenContext, speaking
from desktop_app.language import VARIABLE, languages
from desktop_app.memory import leave_all_at_exit, reuse_large_pieces
from desktop_app.wording import Said

COMPLETING = "_AUDIT_TRAILS_EXPORT_COMPLETE"  # how shells ask the program how a command line can go on
_COMMANDS = (
    *("run", "test", "trust", "record", "config", "source"),
    *("schedule", "notify", "status", "history", "events", "sign", "verify", "fetch", "fleet", "backfill"),
    *("demo", "completion", "parse", "pack", "format", "installer"),
)


class _Commands(click.Group):
    """Imports the module of a command only when that command is asked for: starting must be quick."""

    context_class = SpokenContext

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"desktop_app.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return speaking(command)


def _speak(_: click.Context, __: click.Parameter, language: str | None) -> None:
    """From now on; before anything else is understood, or misunderstood."""
    if language is None:
        return
    if language not in (known := languages()):
        raise click.UsageError(
            Said("There are no texts in {language}. The choices: {choices}.", language=language, choices=known)
        )
    os.environ[VARIABLE] = language


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 96})
@click.version_option(__version__, message="audit-trails-export %(version)s")
@click.option(
    "--home",
    envvar="AUDIT_TRAILS_HOME",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep all files in this folder, as with AUDIT_TRAILS_HOME.",
)
@click.option(
    "--lang",
    metavar="LANGUAGE",
    callback=_speak,
    is_eager=True,
    expose_value=False,
    help="Speak this language, as with AUDIT_TRAILS_LANG; else the desktop's. --json is always English.",
)
def program(home: Path | None) -> None:
    """Export audit trails, every day, to an SFTP server.

    Audit events are recorded into a store (`record`, or collected from the folders of `source`), written as
    JSON or CEF into one .zip archive a day, and put on the server. Nothing is lost and nothing comes twice,
    whatever is interrupted: the next `run` goes on where the last one was.

    \b
    First steps:
      audit-trails-export config set server.host=sftp.example.com server.user=audit server.path=/Export
      audit-trails-export config password
      audit-trails-export trust
      audit-trails-export test
      audit-trails-export config set enabled=true    (the switch: registers the daily task)
      audit-trails-export schedule run               (has the scheduler start it now, as at night)

    \b
    Files (all in one folder where AUDIT_TRAILS_HOME names one):
      config.toml   the settings, in the user's configuration folder
      trails.db     the store, in the data folder
      ledger.db     the record of runs and archives, there too
      audit-trails-export.log   in the log folder

    \b
    Exit codes:
      0    done, also if nothing was due
      2    wrong usage
      65   bad input data
      69   server unreachable
      74   local disk
      75   another run is active, or try later
      76   no common algorithm, host key unknown or changed
      77   credentials or permission refused
      78   not configured, or a bad setting
    """
    from desktop_app.logs import log_to_file
    from desktop_app.settings.paths import find_paths, keep_all_in, unsafe_places

    if home:
        keep_all_in(home)
    paths = find_paths()
    log_to_file(paths)
    tell_warning(*unsafe_places(paths))


def main() -> None:
    """Run the program with the arguments of the process, and exit with its code."""
    reuse_large_pieces()
    leave_all_at_exit()
    sys.stdout, sys.stderr = as_output(sys.stdout, Results), as_output(sys.stderr, Messages)
    if COMPLETING in os.environ:
        import_module("desktop_app.cli.completion")  # which tells click how
    try:
        program.main(prog_name="audit-trails-export", standalone_mode=False)
    except click.exceptions.Exit as exit_:
        sys.exit(exit_.exit_code)
    except click.Abort:
        tell(Said("Stopped."))
        sys.exit(130)
    except click.ClickException as error:
        from desktop_app.cli.usage import usage_lines

        if isinstance(error, click.exceptions.NoArgsIsHelpError):
            error.show()
        else:
            tell_failure(*usage_lines(error))
        sys.exit(ExitCode.USAGE)
    except UserError as error:
        import logging

        logging.getLogger(__name__).error("%s", error)
        tell_error(error)
        sys.exit(error.exit_code)
