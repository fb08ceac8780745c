"""Made-up audit events of one day, as JSON Lines."""

import json
import time
from pathlib import Path

_START_MS = 1_795_219_200_000  # 2026-11-21T00:00:00Z
_DAY_MS = 86_400_000


def write_events(path: Path, count: int) -> None:
    """Write `count` events, spread evenly over the day, 450 bytes each."""
    with path.open("w", encoding="utf-8") as file:
        for n in range(count):
            at = _START_MS + n * _DAY_MS // count
            moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at // 1000))
            event = {
                "createdAt": f"{moment}.{at % 1000:03}Z",
                "entityType": "Configuration",
                "entityName": "Promotion distribution configuration settings",
                "actionType": "Update",
                "entityId": f"cfg-{n % 977}",
                "productVersion": "R110",
                "actor": {"user": "anna@example.com", "ip": f"192.0.2.{n % 255}", "roles": ["admin", "audit"]},
                "before": {"name": "a=b", "enabled": True, "path": "C:\\x"},
                "after": {"name": "a|b", "enabled": False, "priority": n, "list": [1, 2, 3, 4, 5]},
            }
            file.write(json.dumps(event) + "\n")
