"""Writes vectors.tsv: every scenario of the gallery as a link, made by the program and made by Python; and edited.txt: what
blocks and directives hold, with edited listings, below the links to it.

    python make_vectors.py path/to/memcg
"""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from sphinx_memcg import links  # noqa: E402

HERE = Path(__file__).parent
GALLERY = HERE.parents[2] / "crates/scenario/gallery"


WORLD = """\
scenario: Edited
hierarchy:
  a
  b
threads:
  k: reclaim /
  admin: rmdir a
compare:
  vz7-nullify
  mine
schedule:
  k x2
  admin x2
"""
EDIT = """\
edit: vz7-nullify as mine
 @64
 -\t// The kill of a group is confirmed only when nobody who may hold it is in here.
 -\trcu_read_lock_sched();
 @92
 -\trcu_read_unlock_sched();
"""
TWICE = """\
edit: vz7-nullify
 @64
 +\t// One & <two> \u2026
 =\t// The kill of a group is confirmed only when nobody who may hold it is in here.
"""
BLOCKS = [WORLD.replace("  mine\n", ""), EDIT + WORLD, EDIT + "\n" + TWICE + WORLD]


def encoded(memcg, *args, text=""):
    return subprocess.run([memcg, "link", "encode", *args], input=text, capture_output=True, check=True, text=True).stdout.strip()


def main(memcg):
    entries = ["Links by `memcg link encode`, each with the block that it was made of; made by make_vectors.py.\n"]
    entries += [f"\n== {encoded(memcg, '-', '--no-state', text=text)}\n{text}" for text in BLOCKS]
    (HERE / "edited.txt").write_text("".join(entries))
    lines = ["# name, link by `memcg link encode`, link by sphinx_memcg.links of the same text; made by make_vectors.py\n"]
    for file in sorted(GALLERY.glob("*.scenario")):
        name = file.stem.partition("-")[2]
        theirs = encoded(memcg, name)
        lines.append(f"{name}\t{theirs}\t{links.encode(links.decode(theirs))}\n")
    (HERE / "vectors.tsv").write_text("".join(lines))


if __name__ == "__main__":
    main(sys.argv[1])
