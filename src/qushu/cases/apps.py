from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from qushu.people.models import Unit


class CasesConfig(AppConfig):
    name = "qushu.cases"
    label = "cases"
    verbose_name = "诉求件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qushu.people.actions import unit_guards
        from qushu.people.audit import ACTION_WORDS, FIELD_WORDS, KINDS
        from qushu.people.sheets import SHEETS

        from .codes import audited, words
        from .codes.lists import offer_list
        from .codes.sheets import CODE_SHEETS

        SHEETS.update({sheet.kind: sheet for sheet in CODE_SHEETS})
        unit_guards.append(open_cases_of)
        ACTION_WORDS.update(words.ACTION_WORDS)
        FIELD_WORDS.update(words.FIELD_WORDS)
        KINDS.update(audited.KINDS)
        offer_list()


def open_cases_of(unit: "Unit") -> str:
    """Why a unit can't be deactivated yet: it still has open cases. Empty when it has none."""
    from .models import Assignment  # the registry of models is not ready when this module is read

    count = Assignment.objects.filter(unit=unit, ended_at__isnull=True).count()
    return f"还有 {count} 件在办的诉求件，请先改派或办结。" if count else ""
