"""The headless program: one module a command."""
