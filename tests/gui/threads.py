"""What works in the background."""

import threading


def workers() -> list[threading.Thread]:
    """The threads of workers that are alive."""
    return [thread for thread in threading.enumerate() if thread.name == "worker"]
