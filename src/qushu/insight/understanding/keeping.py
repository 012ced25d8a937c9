"""A model as a file: arrays and JSON in one .npz, with a version; reading one never runs anything that is in it."""

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.sparse import csc_matrix

from qushu.kernel.errors import Refused

from .confidence import Trial
from .linear import Linear
from .model import Model
from .naming import Naming
from .neighbours import Neighbours
from .network import Network
from .terms import Floats, Terms, TermSpace, opening_runs, runs, spoken_words

KIND: Final = "qushu understanding"
VERSION: Final = 2
_KINDS: Final = {"characters": runs, "words": spoken_words, "opening": opening_runs}
_PARTS: Final = ("inner", "inner_bias", "outer", "outer_bias")


class BadModelFile(Refused):
    """A file isn't a model, is broken, or is of a version this program doesn't know."""

    code = "bad_model_file"


def save(model: Model, path: Path) -> None:
    """Write a model; the file is there whole or not at all. The hidden weights lose half their digits."""
    arrays: dict[str, Any] = {
        "meta": _bytes([KIND, VERSION, len(model.networks), model.sharpness]),
        "labels": _bytes(model.labels),
        "names": _bytes(model.naming.names),
        "refs": _bytes(model.refs),
        "trial_confidence": model.trial.confidence,
        "trial_right": model.trial.right,
        "near_labels": model.neighbours.labels.astype(np.int32),
    }
    for kind in _KINDS:
        terms: Terms = getattr(model.terms, kind)
        arrays |= {f"{kind}_names": _bytes(terms.names), f"{kind}_weights": terms.weights}
    for part in ("data", "indices", "indptr"):
        arrays[f"near_{part}"] = getattr(model.neighbours.by_word, part)
    for at, network in enumerate(model.networks):
        arrays |= {f"network{at}_{part}": getattr(network, part) for part in _PARTS}
        arrays[f"network{at}_inner"] = network.inner.astype(np.float16)
    arrays |= {"linear_weights": model.linear.weights.astype(np.float16), "linear_bias": model.linear.bias}
    partly = path.with_name(path.name + ".part")
    with partly.open("wb") as file:
        np.savez_compressed(file, **arrays)
    partly.replace(path)


def load(path: Path) -> Model:
    """Read a model. Raises BadModelFile."""
    try:
        with np.load(path, allow_pickle=False) as file:
            meta = _read(file["meta"])
            if meta[0] != KIND or meta[1] != VERSION:
                raise BadModelFile(f"{path.name} 不是本系统可用的模型文件，或版本不符，请重新训练。")
            return _model(file, networks=int(meta[2]), sharpness=float(meta[3]))
    except (OSError, ValueError, KeyError, IndexError, TypeError, zipfile.BadZipFile) as error:
        raise BadModelFile(f"{path.name} 不是完整的模型文件，请重新训练。") from error


def _model(file: Any, networks: int, sharpness: float) -> Model:
    terms = TermSpace(
        *(Terms(tuple(_read(file[f"{kind}_names"])), file[f"{kind}_weights"], cut) for kind, cut in _KINDS.items())
    )
    near = (file["near_data"], file["near_indices"], file["near_indptr"])
    labels = file["near_labels"].astype(np.intp)
    by_word = csc_matrix(near, shape=(len(labels), len(near[2]) - 1))
    return Model(
        tuple(_read(file["labels"])),
        terms,
        tuple(_network(file, at) for at in range(networks)),
        Linear(file["linear_weights"].astype(np.float32), file["linear_bias"]),
        Naming(tuple(_read(file["names"])), terms.characters),
        sharpness,
        Neighbours(by_word, labels),
        tuple(_read(file["refs"])),
        Trial(file["trial_confidence"], file["trial_right"]),
    )


def _network(file: Any, at: int) -> Network:
    parts: list[Floats] = [file[f"network{at}_{part}"].astype(np.float32) for part in _PARTS]
    return Network(*parts)


def _bytes(values: Sequence[Any]) -> Any:
    return np.frombuffer(json.dumps(list(values), ensure_ascii=False).encode("utf-8"), dtype=np.uint8)


def _read(stored: Any) -> list[Any]:
    found: list[Any] = json.loads(stored.tobytes())
    return found
