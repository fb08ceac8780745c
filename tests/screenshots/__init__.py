"""Pictures of every state of every page, taken from the real window: `python3 dev.py screenshots [FOLDER]`."""
