"""The program ``memcg``: checks and draws scenarios."""

import html
import re
import subprocess

from sphinx.errors import SphinxError

from . import links


class MemcgError(SphinxError):
    """A scenario that cannot be published, or a program that does not run; ends the build."""

    category = "memcg"


def _run(command, args, text, binary=False):
    """Runs the program with ``text`` as its standard input."""
    try:
        # Never through a shell: names of files are theirs.
        return subprocess.run([command, *args], input=text.encode(), capture_output=True, check=False)
    except OSError as error:
        raise MemcgError(
            f"{command} does not run: {error.strerror}. `cargo install --path crates/cli` makes it;"
            " memcg_command in conf.py says where it is."
        ) from None


def check(command, source, text):
    """What is wrong with a scenario: a list of (line or 0, message, whether it ends the build)."""
    done = _run(command, ["run", source, "--moves"], text)
    problems = []
    for line in done.stderr.decode().splitlines():
        found = re.match(r"(?:.*?:(\d+):\d+: |.*?: )?(?=(error|warning): )", line)
        number, kind = (found[1], found[2]) if found else (None, None)
        message = line[found.end():] if found else line
        problems.append((int(number or 0), message, kind != "warning"))
    for line in done.stdout.decode().splitlines():
        found = re.match(r"expected (.*): DOES NOT HOLD \((\d+)\)$", line)
        if found:
            words = found[1].split()
            lines = [at.split(" #")[0].split() for at in text.splitlines()]
            number = lines.index(words) + 1 if words in lines else 0
            problems.append((number, f"error: expected {found[1]}, but it is {found[2]}", True))
    if done.returncode and not any(is_bad for *_, is_bad in problems):
        problems.append((0, f"error: {command} ended with status {done.returncode}", True))
    return problems


def draw(command, source, text, form, options):
    """A scenario as ``svg``, ``ascii`` or ``png``."""
    done = _run(command, ["render", source, f"--{form}", *options], text)
    if done.returncode:
        raise MemcgError(done.stderr.decode().strip() or f"{command} ended with status {done.returncode}")
    return done.stdout if form == "png" else done.stdout.decode()


def steps(command, source, text, options):
    """What plays where no engine can, as JSON; nothing if there is nothing to step through, or too much for a page."""
    done = _run(command, ["render", source, "--steps", *options], text)
    return "" if done.returncode else done.stdout.decode().replace("\n", "")


def held(svg):
    """The scenario inside a figure, after edited listings if it has some, and the number of moves made in it."""
    found = re.search(r'<memcg:scenario [^>]*cursor="(\d+)"([^>]*)>(.*?)</memcg:scenario>', svg, re.S)
    if not found:
        raise MemcgError("the figure holds no scenario: is the program as new as the extension?")
    link = re.search(r'\slink="([^"]*)"', found[2])
    # A scenario's text names an edited listing; only a link holds it.
    text = links.scenario(links.decode(html.unescape(link[1]))) if link else html.unescape(found[3])
    return text, int(found[1])
