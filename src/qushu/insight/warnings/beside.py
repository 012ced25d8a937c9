"""Work of warnings for a process of its own. Stands outside what needs Django, which that process sets up first."""


def look_at_past() -> int:
    """`hindsight.look_at_past` as of now."""
    from django.utils import timezone

    from . import hindsight

    return hindsight.look_at_past(timezone.now())
