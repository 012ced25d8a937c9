"""Where the files of learned models lie: below the home folder, each with its hash in the table of versions."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from .model import Model


def model_path(name: str, trial: bool = False) -> Path:
    """The file of a version; `trial`: of its twin, learned without the newest weeks and kept for fair comparison."""
    return Path(settings.HOME) / "models" / f"{name}{'.trial' if trial else ''}.npz"


def keep_model(model: "Model", name: str, trial: bool = False) -> tuple[str, int]:
    """Write a model's file, readable by this system's user only; its SHA-256 and size."""
    from .keeping import save  # numpy and scipy: not for every process

    path = model_path(name, trial)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    save(model, path)
    path.chmod(0o600)
    return _digest(path), path.stat().st_size


def read_model(name: str, digest: str, trial: bool = False) -> "Model":
    """A version's model. Raises BadModelFile when its file is gone, broken, or not the one that was written."""
    from .keeping import BadModelFile, load  # numpy and scipy: not for every process

    path = model_path(name, trial)
    if not path.is_file() or _digest(path) != digest:
        raise BadModelFile(f"模型文件 {path.name} 不在或已被改动，没有使用；请重新训练。")
    return load(path)


def drop_models(name: str) -> None:
    """Delete a version's files."""
    for trial in (False, True):
        model_path(name, trial).unlink(missing_ok=True)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
