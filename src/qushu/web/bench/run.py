"""The whole bench: a district of its own size in a home of its own, then every figure."""

import logging
import os
import platform
from collections.abc import Callable
from datetime import datetime

from django.core.management import call_command

from qushu.cases.models import Case
from qushu.demo.load import load_district
from qushu.hotline.assessment.counting import count_cases
from qushu.insight.search.placing import LEAST, learn_space, place_all
from qushu.web.settling import settle

from .copies import copy_cases
from .every_page import every_page_figures
from .ledger import ledger_figures
from .measure import Figure, line_of, table
from .pages import page_figures
from .searching import search_figures
from .writing import creation_figures, import_figure


def run_bench(cases: int, copies: int, now: datetime, tell: Callable[[str], None], quick: bool = False) -> str:
    """Load `cases` generated cases unless they are there, measure, and give the table with date and machine (Markdown).

    Each case stands `copies` times: see `copies.py` for what copies don't have.
    """
    logging.getLogger("django.request").setLevel(logging.ERROR)
    call_command("migrate", verbosity=0)
    there = Case.objects.filter(generated=True).count()
    if there == 0:
        tell(f"Loading {cases:,} cases …")
        loaded = load_district(cases)
        tell(f"… in {loaded.seconds:.0f} s")
        if cases >= LEAST:
            place_all(learn_space(now), lambda done, total: None)
            tell("… placed by meaning")
    elif there != cases * copies:
        tell(f"The bench's database holds {there:,} generated cases: measuring with these.")
    if counted := count_cases():
        tell(f"{counted:,} cases folded into the assessment's counts, as the worker does")
    if there == 0 and copies > 1:
        copy_cases(copies, tell)
    settle()
    figures: list[Figure] = []
    for part in (
        lambda: page_figures(now),
        lambda: every_page_figures(now),
        lambda: search_figures(now),
        lambda: ledger_figures(now),
        lambda: creation_figures(now, 200 if quick else 1500),
        lambda: [import_figure(now, 2_000 if quick else 100_000)],
    ):
        for figure in part():
            tell(line_of(figure))  # a run that is broken off has shown what it measured
            figures.append(figure)
    head = f"{now:%Y-%m-%d}, {Case.objects.count():,} cases, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
    return f"{head}\n\n{table(figures)}"
