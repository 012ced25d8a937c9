"""What the web server runs: the application, once its process has settled."""

from .wsgi import application

__all__ = ["application"]


def _settle() -> None:
    from .settling import settle  # models can't be imported before wsgi has set Django up

    settle()


_settle()
