"""Categories and channels for pickers, kept until one of them changes."""

from qushu.kernel.kept import Kept
from qushu.kernel.options import Options

from .models import Category, Channel


def category_options() -> Options:
    """Active leaf categories by their full names."""
    return _CATEGORIES.get()


def channel_options() -> Options:
    """All channels by their names: a list may be narrowed to one that is no longer used."""
    return _CHANNELS.get()


_CATEGORIES = Kept(
    ("cases_category",),
    lambda: Options(Category.objects.filter(active=True, level=3).values_list("pk", "full_name")),
)
_CHANNELS = Kept(("cases_channel",), lambda: Options(Channel.objects.values_list("code", "name")))
