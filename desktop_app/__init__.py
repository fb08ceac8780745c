"""Audit Trails Export: the form, and the headless exporter behind it."""

__version__ = "0.1.0"
