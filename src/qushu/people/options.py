"""Units for pickers, kept until a unit changes."""

from qushu.kernel.kept import Kept
from qushu.kernel.options import Options

from .queries import unit_choices


def unit_options() -> Options:
    """Active units, the centre and departments first, communities last."""
    return _UNITS.get()


_UNITS = Kept(("people_unit",), lambda: Options(unit_choices()))
