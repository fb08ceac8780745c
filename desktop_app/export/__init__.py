"""Events to bytes to archive to delivered: formats, archive, ledger, exporter."""
