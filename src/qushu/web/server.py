"""What the web server runs: the application, once its process knows the district's names as words."""

from .wsgi import application

__all__ = ["application"]


def _learn_names() -> None:
    from qushu.cases.finding import teach_names  # models can't be imported before wsgi has set Django up

    teach_names()


_learn_names()
