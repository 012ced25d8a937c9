"""Work of matters for a process of its own. Stands outside what needs Django, which that process sets up first."""


def look_at_history() -> dict[str, int]:
    """`history.look_at_history` as of now."""
    from django.utils import timezone

    from . import history

    return history.look_at_history(history.DAYS, timezone.now())
