"""The directive ``memcg``."""

import os
from pathlib import Path

from docutils.parsers.rst import directives
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from . import links, program
from .markup import memcg_figure

logger = logging.getLogger(__name__)


# Modes, and what stands for them in a link.
FLAGS = {"figure": "", "steppable": "step", "editable": "edit"}


def _one_of(*words):
    return lambda argument: directives.choice(argument, words)


def _height(argument):
    return "auto" if argument.strip() == "auto" else str(directives.nonnegative_int(argument))


class Memcg(SphinxDirective):
    """A scenario from a file (or the gallery, by its name), or the content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = {
        "policy": directives.unchanged_required,
        "step": directives.nonnegative_int,
        "height": _height,
        "theme": _one_of("auto", "light", "dark"),
        "mode": _one_of(*FLAGS),
        "grain": _one_of("access", "statement", "call"),
        "caption": directives.unchanged,
        "alt": directives.unchanged,
    }

    def run(self):
        source, text = self._source()
        command = self.config.memcg_command
        self._report(program.check(command, source, text), source)
        lanes = []
        for policy in self.options.get("policy", "").split(","):
            if policy.strip():
                lanes += ["--policy", ":".join(policy.split(" on ")).replace(" ", "")]
        moment = ["--step", str(self.options["step"])] if "step" in self.options else []
        theme = self.options.get("theme", "auto")
        try:
            svg = program.draw(command, source, text, "svg", [*lanes, *moment, "--theme", theme])
            grain = self.options.get("grain", "statement")
            ascii = program.draw(command, source, text, "ascii", [*lanes, *moment, "--grain", grain])
        except program.MemcgError as error:
            raise self._error(self.lineno, str(error)) from None
        scenario, cursor = program.held(svg)
        mode = self.options.get("mode", "figure")
        view = {key: value for key, value in (("embed", FLAGS[mode]), ("theme", theme if theme != "auto" else "")) if value}
        title = next((line.partition(":")[2].strip() for line in scenario.splitlines() if line.startswith("scenario:")), "")
        return [memcg_figure(
            svg=svg,
            ascii=ascii.rstrip(),
            steps=program.steps(command, source, text, lanes),
            fragment=links.encode(links.headers(cursor, view=view) + scenario),
            title=title,
            caption=self.options.get("caption", ""),
            alt=self.options.get("alt", ""),
            height=self.options.get("height", ""),
            theme="" if theme == "auto" else theme,
            mode="" if mode == "figure" else mode,
        )]

    def _source(self):
        """What the program is told to read, and the text, if that is not a scenario of the gallery."""
        if not self.arguments:
            if not self.content:
                raise self._error(self.lineno, "error: name a file or a scenario of the gallery, or write one below")
            return "-", "\n".join(self._as_written()) + "\n"
        if self.content:
            raise self._error(self.lineno, "error: a directive with a file holds no scenario of its own")
        name = self.arguments[0]
        _, path = self.env.relfn2path(name)
        if not os.path.exists(path):
            return name, ""
        self.env.note_dependency(path)
        with open(path, encoding="utf-8") as file:
            return path, file.read()

    def _as_written(self):
        """The content with its tabs, which docutils has made spaces of: edited listings have some."""
        lines = list(self.content)
        if not any(line.startswith("edit:") for line in lines):
            return lines
        files = {}
        for at, (line, (file, number)) in enumerate(zip(lines, self.content.items)):
            if file not in files:
                try:
                    files[file] = Path(file).read_text(encoding="utf-8").splitlines()
                except (OSError, UnicodeDecodeError):
                    # Not of a file: what docutils gives is all there is.
                    files[file] = []
            raw = files[file][number].rstrip() if number < len(files[file]) else ""
            blanks = len(raw.expandtabs(self._tab_width)) - len(line)
            if line and raw.expandtabs(self._tab_width)[blanks:] == line and not raw[:blanks].strip(" "):
                lines[at] = raw[blanks:]
        return lines

    @property
    def _tab_width(self):
        return self.state.document.settings.tab_width

    def _report(self, problems, source):
        """Warnings as such; anything worse ends the build."""
        bad = []
        for line, message, is_bad in problems:
            place = self._place(line, source)
            if is_bad:
                bad.append(f"{place}: {message}")
            else:
                logger.warning("%s", message.removeprefix("warning: "), location=place)
        if bad:
            raise program.MemcgError("\n".join(bad))

    def _place(self, line, source):
        """File and line of a line of the scenario; of the directive for the scenario as a whole."""
        if line and source != "-":
            return f"{os.path.relpath(source)}:{line}" if os.path.exists(source) else f"{source}:{line}"
        if 0 < line <= len(self.content.items):
            file, at = self.content.items[line - 1]
            return f"{os.path.relpath(file)}:{at + 1}"
        file, at = self.get_source_info()
        return f"{os.path.relpath(file)}:{at}"

    def _error(self, line, message):
        file, at = self.state_machine.get_source_and_line(line)
        return program.MemcgError(f"{os.path.relpath(file)}:{at}: {message}")
