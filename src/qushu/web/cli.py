"""``qushu``: the command line. It starts fast because a command's code is imported when that command is called.

Rooms add commands in ``<room>/commands.py``; see qushu.kernel.commandline for what they share.
"""

import importlib
import signal
import sys
from collections.abc import MutableMapping
from pathlib import Path
from types import FrameType

import click

import qushu

ROOMS_FOLDER = Path(qushu.__path__[0])


class Rooms(click.Group):
    """The commands of every room that has a ``commands.py``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all commands, by the alphabet."""
        return sorted(self._gathered())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        return self._gathered().get(cmd_name)

    def _gathered(self) -> MutableMapping[str, click.Command]:
        if not self.commands:
            for file in sorted(ROOMS_FOLDER.glob("*/commands.py")):
                for command in importlib.import_module(f"qushu.{file.parent.name}.commands").commands:
                    if command.name in self.commands:
                        raise RuntimeError(f"Two rooms offer the command {command.name}.")
                    self.add_command(command)
        return self.commands


@click.group(cls=Rooms, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="qushu", message="qushu %(version)s")
def cli() -> None:
    """Qushu 区枢: the open platform a district's Big Data Center runs on.

    `qushu run` starts everything. Other commands use the database that runs, or start it for their own duration.

    QUSHU_HOME is where data and keys live (default: var). QUSHU_DATABASE_URL names a PostgreSQL of your own.
    """


def main() -> None:
    """Run the command line; expected trouble is one clear line and exit code 1."""
    from qushu.kernel.postgres_trouble import PostgresTrouble
    from qushu.web.secrets import SecretsTrouble

    signal.signal(signal.SIGTERM, _end)
    try:
        cli(prog_name="qushu")
    except (PostgresTrouble, SecretsTrouble) as trouble:
        click.echo(f"Error: {trouble}", err=True)
        sys.exit(1)


def _end(number: int, frame: FrameType | None) -> None:
    """Told to end: leave through every ``finally``, so that a database started for this command is stopped."""
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
