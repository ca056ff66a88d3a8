"""Links of the playground, version 1, in nothing but Python; docs/links.md describes them byte by byte.

Any program may use this file together with dictionary-1.txt beside it.
"""

import base64
import re
import zlib
from pathlib import Path
from urllib.parse import quote, unquote

LINK_CHARS_WARN = 2000
TEXT_BYTES_MAX = 4 * 1024 * 1024

DICTIONARY = (Path(__file__).parent / "dictionary-1.txt").read_bytes()


def encode(text):
    """The fragment, without its ``#``, of a link that holds this text: a scenario after the headers of :func:`headers`."""
    data = text.encode()
    if len(data) > TEXT_BYTES_MAX:
        raise ValueError(f"the scenario has {len(data)} bytes, a link holds {TEXT_BYTES_MAX} at most")
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=DICTIONARY)
    packed = deflater.compress(data) + deflater.flush()
    data = zlib.crc32(data).to_bytes(4, "big") + packed
    return "1:" + base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encode_plain(text):
    """The same in the form that people can read."""
    return "1t:" + quote(text, safe="")


def headers(cursor=0, branch=None, view=None):
    """What stands before the scenario in a link: moves taken, a branch, how the page looks."""
    lines = []
    if cursor:
        lines.append(f"cursor:{cursor}")
    if branch:
        lines.append(f"branch:{branch}")
    if view:
        lines.append("view:")
        lines.extend(f" {key} {value}" for key, value in sorted(view.items()))
    return "".join(line + "\n" for line in lines)


def scenario(text):
    """A link's text without what only links have: edited listings and the scenario."""
    lines, kept = [], True
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "\t")):
            kept = not line.startswith(("cursor:", "branch:", "view:", "state:"))
        if kept:
            lines.append(line)
    return "".join(lines)


def decode(link):
    """The text in a link, a whole address or its fragment; ValueError says what is wrong with it."""
    fragment = link.rpartition("#")[2]
    found = re.match(r"(\d+)(t?)(?::|%3[Aa])", fragment)
    if not found:
        raise ValueError("this is no link of the playground")
    if found[1] != "1":
        raise ValueError(f"the link has version {found[1]}; this program knows version 1")
    rest = fragment[found.end():]
    if found[2]:
        return unquote(rest)
    rest = rest.replace("+", "-").replace("/", "_").rstrip("=")
    if re.search(r"[^\w-]", rest, re.ASCII):
        raise ValueError("the link has characters that no link has")
    try:
        data = base64.urlsafe_b64decode(rest + "=" * (-len(rest) % 4))
        inflater = zlib.decompressobj(-15, zdict=DICTIONARY)
        out = inflater.decompress(data[4:], TEXT_BYTES_MAX)
    except (ValueError, zlib.error) as error:
        raise ValueError(f"the link is damaged: {error}") from None
    if inflater.unconsumed_tail:
        raise ValueError(f"the link holds more than {TEXT_BYTES_MAX} bytes of text")
    if not inflater.eof:
        raise ValueError("the link is cut off")
    if zlib.crc32(out) != int.from_bytes(data[:4], "big"):
        raise ValueError("the link is damaged: its checksum is another")
    return out.decode()
