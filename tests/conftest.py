"""What all tests need: none of them registers a task with the scheduler of the computer they run on, or fails
because that is busy."""

import os

import hypothesis

os.environ["AUDIT_TRAILS_SCHEDULER"] = "none"

hypothesis.settings.register_profile("however busy", deadline=None)
hypothesis.settings.load_profile("however busy")
