"""Everything that speaks SSH: algorithms, connection, host keys, probe, upload."""

import sys

# paramiko runs `Match exec` of ssh_config by it, which nothing here reads, and does without where it is missing.
# To import it would take half as long as paramiko itself.
sys.modules.setdefault("invoke", None)  # type: ignore[arg-type]
