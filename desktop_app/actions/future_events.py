"""Events of a time that has not come yet: their days are exported when they are over, which may be in years."""

from desktop_app.trails.event import iso_time
from desktop_app.trails.store.hours import hours_after
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said


def future_events(store: Store, now_ms: int) -> Said | None:
    """What to say of the events of hours that have not begun at `now_ms`; None where there are none."""
    ahead = hours_after(store, now_ms)
    if not ahead:
        return None
    return Said(
        "There are events of the future: {count}, the last from the hour of {time}. Each is exported once its day "
        "is over.",
        count=sum(hour.events for hour in ahead),
        time=iso_time(ahead[-1].start_ms),
    )
