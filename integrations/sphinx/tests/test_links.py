"""Links, held equal with the program's by vectors that both read."""

import unittest
from pathlib import Path

from sphinx_memcg import links

HERE = Path(__file__).parent
SCENARIO = HERE.parents[2] / "crates/scenario"


def vectors():
    lines = (HERE / "vectors.tsv").read_text().splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def blocks():
    """Blocks with edited listings, and the program's links to them."""
    entries = (HERE / "edited.txt").read_text().split("\n== ")[1:]
    return [entry.partition("\n")[::2] for entry in entries]


class Links(unittest.TestCase):
    def test_every_scenario_of_the_gallery_is_there(self):
        names = {file.stem.partition("-")[2] for file in (SCENARIO / "gallery").glob("*.scenario")}
        self.assertEqual({name for name, *_ in vectors()}, names, "make_vectors.py makes them anew")

    def test_both_make_links_of_the_same_text(self):
        for name, theirs, ours in vectors():
            with self.subTest(name):
                text = links.decode(theirs)
                self.assertIn("scenario:", text)
                self.assertEqual(links.decode(ours), text)
                # Deflate may be done in several ways; what counts is what comes out.
                self.assertEqual(links.decode(links.encode(text)), text)

    def test_the_dictionary_is_that_of_the_playground(self):
        self.assertEqual(links.DICTIONARY, (SCENARIO / "src/link/dictionary-1.txt").read_bytes())

    def test_only_links_say_where_one_is(self):
        for link, _ in blocks():
            text = links.decode(link)
            self.assertEqual(links.scenario(text), text, "it says nothing of the page")
            of_page = links.headers(2, "fork", {"zoom": "fit"}) + "state:0db7fe1c 2\n"
            self.assertEqual(links.scenario(of_page + text), text)

    def test_headers(self):
        self.assertEqual(links.headers(), "")
        view = {"theme": "dark", "embed": "step"}
        self.assertEqual(links.headers(3, "fork", view), "cursor:3\nbranch:fork\nview:\n embed step\n theme dark\n")

    def test_plain_links_and_whole_addresses(self):
        text = "scenario: é # %\n"
        self.assertEqual(links.decode("https://a.example/x#" + links.encode_plain(text)), text)
        self.assertEqual(links.decode("https://a.example/x#" + links.encode(text).replace(":", "%3A", 1)), text)

    def test_what_is_wrong_with_a_link_is_said(self):
        whole = links.encode("scenario: " + "abc " * 100)
        damaged = whole[:2] + ("B" if whole[2] == "A" else "A") + whole[3:]
        cases = {"": "no link", "2:abc": "version 2", "1:***": "characters", whole[:-8]: "cut off|damaged", damaged: "checksum", "1:A": "damaged|cut off"}
        for link, why in cases.items():
            with self.subTest(link), self.assertRaisesRegex(ValueError, why):
                links.decode(link)
        bomb = links.encode("a" * links.TEXT_BYTES_MAX)
        self.assertEqual(len(links.decode(bomb)), links.TEXT_BYTES_MAX)
        with self.assertRaisesRegex(ValueError, "at most"):
            links.encode("a" * (links.TEXT_BYTES_MAX + 1))
