"""Audit events: the event, the embedded store, the sources that collect into it."""
