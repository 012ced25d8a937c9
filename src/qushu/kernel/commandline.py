"""What every room's commands share: a database that runs, Django set up, and answers for people or programs.

A room offers commands in ``<room>/commands.py`` as ``commands: list[click.Command]``. That file is read for
``qushu --help`` too, so it imports nothing slow at its top: models and actions are imported inside the functions.
"""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar

import click

P = ParamSpec("P")
R = TypeVar("R")

OLD_TABLES = {"42P01", "42703"}
"""SQLSTATE of an unknown table and an unknown column."""

json_option = click.option("--json", "as_json", is_flag=True, help="Answer in JSON, for programs.")


@contextmanager
def district() -> Iterator[None]:
    """A running database and Django set up for the block; a database started for it is stopped afterwards.

    Raises PostgresTrouble when there is no database to be had.
    """
    from qushu.kernel.postgres import running

    with running(tell=note):
        import django

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qushu.web.settings")
        django.setup()
        try:
            yield
        finally:
            from django.db import connections

            connections.close_all()


def with_district(command: Callable[P, R]) -> Callable[P, R]:
    """Decorator for a click function that needs the database: below ``@click.command`` and its options.

    Tables that are older than the program end in a clear line (ClickException).
    """

    @functools.wraps(command)
    def inside(*args: P.args, **kwargs: P.kwargs) -> R:
        with district():
            from django.db import ProgrammingError

            try:
                return command(*args, **kwargs)
            except ProgrammingError as error:
                if getattr(error.__cause__, "sqlstate", None) not in OLD_TABLES:
                    raise
                said = (
                    "The database's tables are not those of this version; nothing was done. Run `qushu migrate` first."
                )
                raise click.ClickException(said) from error

    return inside


def note(sentence: str) -> None:
    """Tell the operator something on standard error, where it doesn't disturb an answer."""
    click.echo(sentence, err=True)


def answer(as_json: bool, data: Any, lines: list[str]) -> None:
    """Print ``data`` as one JSON document, or ``lines`` for a person."""
    click.echo(json.dumps(data, ensure_ascii=False, default=str) if as_json else "\n".join(lines))
