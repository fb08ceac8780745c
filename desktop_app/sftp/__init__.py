"""Everything that speaks SSH: algorithms, connection, host keys, probe, upload."""
