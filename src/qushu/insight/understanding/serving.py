"""The models in service, held by each process: loaded beside the work, changed when another version is put in service."""

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db import connection

from .lessons import Names
from .models import ModelVersion

if TYPE_CHECKING:
    from .model import Answer, Model

MOST_ANSWERS: Final = 8
MOST_REMEMBERED: Final = 2_000
log = logging.getLogger(__name__)


@dataclass
class Served:
    """A loaded version, with the names of categories and areas, and its answers to the texts asked last."""

    name: str
    model: "Model"
    names: Names
    _answers: dict[str, list["Answer"]] = field(default_factory=dict)

    def answers(self, text: str) -> list["Answer"]:
        """The likeliest labels for these words, each with its reason; asked again they cost nothing."""
        found = self._answers.get(text)
        if found is None:
            found = self.model.answers(text, MOST_ANSWERS)
            if len(self._answers) >= MOST_REMEMBERED:
                self._answers = {}
            self._answers[text] = found
        return found


class Shelf:
    """What this process has loaded. A version whose file can't be read is not tried again; its trouble is logged."""

    def __init__(self) -> None:
        self._held: dict[str, Served] = {}
        self._coming: dict[str, str] = {}
        self._lock = threading.Lock()

    def served(self, what: str) -> Served | None:
        """The model in service: the one held before while a new version loads, None while there is none yet.

        One small read (constraint one_model_in_service); never waits for a file.
        """
        wanted = _in_service(what)
        if wanted is None:
            return None
        name, digest = wanted
        held = self._held.get(what)
        if held is None or held.name != name:
            self._fetch(what, name, digest)
        return held

    def load_now(self, what: str) -> Served | None:
        """As `served`, but waits for the file: for jobs, and at the start of a process."""
        wanted = _in_service(what)
        if wanted is not None and (what not in self._held or self._held[what].name != wanted[0]):
            self._load(what, *wanted)
        return self._held.get(what) if wanted else None

    def forget(self) -> None:
        """Hold nothing any more."""
        with self._lock:
            self._held.clear()
            self._coming.clear()

    def _fetch(self, what: str, name: str, digest: str) -> None:
        with self._lock:
            if self._coming.get(what) == name:
                return
            self._coming[what] = name
        threading.Thread(target=self._load_beside, args=(what, name, digest), daemon=True).start()

    def _load_beside(self, what: str, name: str, digest: str) -> None:
        try:
            self._load(what, name, digest)
        finally:
            connection.close()  # this thread's own

    def _load(self, what: str, name: str, digest: str) -> None:
        from .files import read_model  # numpy and scipy: only a process that holds a model pays for them
        from .keeping import BadModelFile

        try:
            model = read_model(name, digest)
        except BadModelFile as trouble:
            log.warning("Model %s cannot be used: %s", name, trouble)
            return
        served = Served(name, model, Names.read())
        served.answers("预热")
        self._held[what] = served


SHELF = Shelf()


def _in_service(what: str) -> tuple[str, str] | None:
    rows = ModelVersion.objects.filter(what=what, state=ModelVersion.State.in_service)
    return rows.values_list("name", "digest").first()
