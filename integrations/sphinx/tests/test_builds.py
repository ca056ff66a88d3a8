"""Whole projects, built by Sphinx as an author would; MEMCG is the program."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path
from xml.etree import ElementTree

from sphinx_memcg import links
from test_links import blocks

HERE = Path(__file__).parent
MEMCG = os.environ.get("MEMCG", "memcg")
SMALL = """\
scenario: Small
hierarchy:
  a
  b
threads:
  kswapd0: reclaim /
compare:
  vz7-nullify
schedule:
  kswapd0 x2

  kswapd0
expect:
  vz7-nullify visits = 3
"""


def directive(options="", text=SMALL, argument=""):
    lines = [f".. memcg:: {argument}".rstrip(), *(f"   {line}" for line in options.splitlines()), ""]
    lines += [f"   {line}" if line else "" for line in text.splitlines()]
    return "Title\n=====\n\n" + "\n".join(lines) + "\n\nAfter.\n"


class Builds(unittest.TestCase):
    def build(self, page, builder="html", files=None, conf=""):
        """Exit status, what was said, and where the pages are."""
        folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, folder)
        conf = f"extensions = ['sphinx_memcg']\nmemcg_command = {MEMCG!r}\nmemcg_engine = 'memcg/'\nversion = copyright = 'x'\n{conf}"
        for name, text in {"conf.py": conf, "index.rst": page, **(files or {})}.items():
            (folder / name).write_text(text)
        command = [sys.executable, "-m", "sphinx", "-q", "-d", "doctrees", "-b", builder, ".", "out"]
        env = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
        return done.returncode, done.stderr, folder / "out"

    def test_html(self):
        options = ':step: 1\n:mode: steppable\n:theme: dark\n:caption: A <caption>\n:alt: x & "y"'
        status, said, out = self.build(directive(options))
        self.assertEqual((status, said), (0, ""))
        page = (out / "index.html").read_text()
        link = re.search(r'<memcg-playground src="#([^"]+)" theme="dark" mode="steppable" alt="x &amp; &quot;y&quot;">', page)
        self.assertTrue(links.decode(link[1]).startswith("cursor:1\nview:\n embed step\n theme dark\nscenario: Small\n"))
        self.assertIn("<figcaption>A &lt;caption&gt;</figcaption>", page)
        self.assertIn('<script defer src="memcg/memcg-playground.js"></script>', page)
        steps = json.loads(re.search(r'class="memcg-steps">(.*?)</script>', page)[1])
        self.assertEqual(len(steps["steps"]), len(steps["counters"]))
        svg = re.search(r"<svg.*?</svg>", page, re.S)[0]
        self.assertEqual(ElementTree.fromstring(svg).get("aria-label"), 'x & "y"')
        self.assertNotIn("<style", svg)

    def test_without_an_engine_the_figure_stays_still(self):
        status, _, out = self.build(directive(), conf="memcg_engine = ''")
        page = (out / "index.html").read_text()
        self.assertEqual(status, 0)
        self.assertIn("<svg", page)
        self.assertNotIn("<memcg-playground", page)

    def test_text_and_man(self):
        for builder, file in (("text", "index.txt"), ("man", "project.1")):
            status, said, out = self.build(directive(":caption: The caption"), builder, conf="man_pages = [('index', 'project', 'x', 'y', 1)]")
            self.assertEqual((status, said), (0, ""))
            page = (out / file).read_text().replace("\\-", "-")
            self.assertIn("slot: node0/zone0/prio12", page)
            self.assertIn("next() {", page)
            self.assertIn("The caption", page)

    def test_latex(self):
        status, said, out = self.build(directive(":caption: 100% & $x_1$"), "latex")
        self.assertEqual((status, said), (0, ""))
        page = next(out.glob("*.tex")).read_text()
        picture = re.search(r"\\sphinxincludegraphics\[width=\\linewidth\]\{(memcg-\w+\.png)\}", page)[1]
        self.assertTrue((out / picture).read_bytes().startswith(b"\x89PNG"))
        self.assertIn(r"\caption{100\% \& \$x\_1\$}", page)

    def test_epub(self):
        status, said, out = self.build(directive(":caption: The caption"), "epub")
        self.assertEqual((status, said), (0, ""))
        with zipfile.ZipFile(next(out.glob("*.epub"))) as book:
            page = book.read("index.xhtml").decode()
        figures = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", page)).iter("{http://www.w3.org/2000/svg}svg")
        self.assertEqual(len(list(figures)), 1)
        self.assertNotIn("<memcg-playground", page)

    def test_a_file_and_the_gallery(self):
        for argument, files in (("small.scenario", {"small.scenario": SMALL}), ("one-rmdir", {})):
            status, said, out = self.build(directive(":policy: vz7-nullify on bias", "", argument), files=files)
            self.assertEqual((status, said), (0, ""))
            self.assertIn("vz7-nullify on bias", (out / "index.html").read_text())

    def test_edited_listings(self):
        """Above the scenario, tabs and all, as in the blocks of an mdBook; also deeper in the text."""
        self.assertGreater(len(blocks()), 2)
        for link, text in blocks():
            if "edit:" not in text:
                continue
            page = directive(text=text)
            for page in (page, page.replace("\n", "\n  ").replace("\n  Title", "Title").replace("\n  =====", "\n=====").replace("\n  .. memcg", "\n* .. memcg")):
                with self.subTest(page):
                    status, said, out = self.build(page)
                    self.assertEqual((status, said), (0, ""))
                    carried = re.search(r'<memcg-playground src="#([^"]+)"', (out / "index.html").read_text())[1]
                    self.assertEqual(links.scenario(links.decode(carried)), links.decode(link))
        for builder in ("text", "latex"):
            status, said, _ = self.build(directive(text=text), builder)
            self.assertEqual((status, said), (0, ""), builder)
        status, said, out = self.build(directive("", "", "edited.scenario"), files={"edited.scenario": text})
        self.assertEqual((status, said), (0, ""))
        page = directive(text=text.replace("rcu_read_lock_sched", "rcu_read_lock_shed"))
        status, said, _ = self.build(page)
        self.assertNotEqual(status, 0)
        self.assertRegex(said, r"index\.rst:4: error: the listing vz7-nullify has changed since it was edited")

    def test_what_is_wrong_ends_the_build_by_file_and_line(self):
        cases = [
            (directive(text=SMALL.replace("visits = 3", "visits = 4")), r"index\.rst:19: error: expected vz7-nullify visits = 4, but it is 3"),
            (directive(":step: 1", SMALL.replace("kswapd0 x2", "kswpd0 x2")), r'index\.rst:16: error: there is no thread "kswpd0"'),
            (directive(text=SMALL.replace("  vz7-nullify\ns", "  vz7-nullfy\ns")), r'index\.rst:\d+: error: there is no policy "vz7-nullfy"'),
            (directive(":policy: nobody"), r'index\.rst:4: .*there is no policy "nobody"'),
            (directive(text="", argument="nowhere"), r"index\.rst:4: .*nowhere"),
            (directive(text=""), r"index\.rst:4: error: name a file"),
            (directive(argument="one-rmdir"), r"index\.rst:4: error: a directive with a file"),
        ]
        for page, why in cases:
            with self.subTest(why):
                status, said, _ = self.build(page)
                self.assertNotEqual(status, 0, said)
                self.assertRegex(said, why)
        status, said, _ = self.build(directive("", "", "bad.scenario"), files={"bad.scenario": SMALL.replace("visits = 3", "visits = 4")})
        self.assertNotEqual(status, 0)
        self.assertRegex(said, r"bad\.scenario:14: error: expected vz7-nullify visits = 4, but it is 3")

    def test_a_program_that_is_not_there(self):
        status, said, _ = self.build(directive(), conf="memcg_command = 'no-such-program'")
        self.assertNotEqual(status, 0)
        self.assertIn("no-such-program does not run", said)
