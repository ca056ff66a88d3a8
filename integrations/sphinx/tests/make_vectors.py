"""Writes vectors.tsv: every scenario of the gallery as a link, made by the program and made by Python.

    python make_vectors.py path/to/memcg
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sphinx_memcg import links  # noqa: E402

HERE = Path(__file__).parent
GALLERY = HERE.parents[2] / "crates/scenario/gallery"


def main(memcg):
    lines = ["# name, link by `memcg link encode`, link by sphinx_memcg.links of the same text; made by make_vectors.py\n"]
    for file in sorted(GALLERY.glob("*.scenario")):
        name = file.stem.partition("-")[2]
        theirs = subprocess.run([memcg, "link", "encode", name], capture_output=True, check=True, text=True).stdout.strip()
        lines.append(f"{name}\t{theirs}\t{links.encode(links.decode(theirs))}\n")
    (HERE / "vectors.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
