"""The keys that an SSH agent has: that of OpenSSH, Pageant, or another that speaks their protocol."""

import binascii
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from paramiko import Agent, AgentKey, SSHException

from desktop_app.errors import BadSetting
from desktop_app.held import reason
from desktop_app.sftp.private_key import FIELD
from desktop_app.wording import Said

_PATIENCE = 60.0  # seconds; an agent may ask somebody whether a key may be used
_MOST_TRIED = 5  # OpenSSH hangs up on the sixth that it does not know (MaxAuthTries)
_LONGEST = 64 << 10  # bytes of a file with a public key


@contextmanager
def agent_keys(wanted: Path | None) -> Iterator[list[AgentKey]]:
    """The keys to try: the one whose public key is in the file `wanted`, or the first that the agent has.

    They sign as long as the context lasts. Raises BadSetting where there is no agent, or none of the keys.
    """
    blob = _public_key(wanted) if wanted else None
    try:
        agent = Agent()
        connection = agent._conn  # type: ignore[attr-defined]
        if isinstance(connection, socket.socket):
            connection.settimeout(_PATIENCE)
    except (SSHException, OSError, ValueError) as error:
        raise _no_agent() from error
    if connection is None:
        raise _no_agent()
    try:
        keys = [key for key in agent.get_keys() if blob in (None, key.asbytes())]
        if not keys:
            raise BadSetting(
                Said("The SSH agent does not have the key of {file}.", file=wanted)
                if wanted
                else Said("The SSH agent has no keys."),
                Said("Give it the key: ssh-add FILE"),
                field="server.auth",
            )
        yield keys[:_MOST_TRIED]
    finally:
        agent.close()


def _no_agent() -> BadSetting:
    return BadSetting(
        Said("There is no SSH agent that answers."),
        Said("Start it, and have it known (SSH_AUTH_SOCK); or log in with a key file."),
        command="audit-trails-export config set server.auth=key server.key_file=…",
        field="server.auth",
    )


def _public_key(file: Path) -> bytes:
    """The key in a file of one line, as ssh-keygen makes it: type, base64, comment. Raises BadSetting."""
    beside = file.with_name(f"{file.name}.pub")
    try:
        chosen = beside if file.suffix != ".pub" and beside.exists() else file
        with chosen.open("rb") as stream:
            return binascii.a2b_base64(stream.read(_LONGEST).split()[1], strict_mode=True)
    except OSError as error:
        raise BadSetting(
            Said("The key file {file} can't be read ({reason}).", file=file, reason=reason(error)),
            Said("Is it there, and may this user read it?"),
            field=FIELD,
        ) from error
    except (IndexError, ValueError):
        raise BadSetting(
            Said("There is no public key in {file}.", file=file),
            Said(
                "With an agent, name the public key, whose file ends with .pub; or none, to try all of its keys."
            ),
            field=FIELD,
        ) from None
