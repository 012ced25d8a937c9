"""Cases from files of other systems: a declarative mapping, rows judged one by one, written in bulk."""

from .actions import Imported, import_file, import_rows

__all__ = ["Imported", "import_file", "import_rows"]
