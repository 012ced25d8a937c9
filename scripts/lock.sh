#!/usr/bin/env bash
# lock.sh: write both lock files from pyproject.toml, every version with its hashes.
set -euo pipefail

if ! command -v uv >/dev/null; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
    PATH="$PWD/.venv/bin:$PATH"
fi
compile() {
    uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade "$@"
}
compile --group build -o requirements.lock
compile --group build --group dev -o requirements-dev.lock
