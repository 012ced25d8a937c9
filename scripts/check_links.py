"""Check that every relative link and picture in the project's Markdown leads to a file that exists."""

import re
import subprocess
import sys
from pathlib import Path

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
ELSEWHERE = ("http://", "https://", "mailto:", "#")


def broken_links(document: Path) -> list[str]:
    """The link targets of one document that don't exist."""
    targets = LINK.findall(document.read_text(encoding="utf-8"))
    near = [target.split("#")[0] for target in targets if not target.startswith(ELSEWHERE)]
    return [target for target in near if not (document.parent / target).exists()]


def main() -> int:
    """Print every broken link; 1 when there is one."""
    listed = subprocess.run(["git", "ls-files", "*.md"], capture_output=True, text=True, check=True).stdout.split()
    broken = [f"{name}: {target}" for name in listed for target in broken_links(Path(name))]
    sys.stdout.write("".join(f"{line} leads nowhere\n" for line in broken))
    sys.stdout.write(f"{len(listed)} documents, {len(broken)} broken links\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
