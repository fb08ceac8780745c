"""What all tests need: that none of them registers a task with the scheduler of the computer they run on."""

import os

os.environ["AUDIT_TRAILS_SCHEDULER"] = "none"
