"""`trust` where somebody answers, and where nobody is there."""

from tests.e2e.conftest import Program
from tests.servers import Server


def test_nobody_there_to_accept_a_key_is_told(program: Program, sshd: Server) -> None:
    program.run("config", "set", f"server.host=127.0.0.1:{sshd.port}", "server.user=u", "server.path=/")
    told = program.errors("trust", code=76)
    assert "Nobody is there to say whether this key is the right one." in told
    assert "audit-trails-export trust --fingerprint SHA256:" in told
    told = program.errors("trust", stdin=b"n\n", code=76)
    assert "It was not accepted." in told
    assert "Accepted." in program.errors("trust", stdin=b"y\n")
