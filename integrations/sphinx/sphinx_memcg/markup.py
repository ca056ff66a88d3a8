"""A figure as each builder can show it."""

import hashlib
import re
from html import escape
from pathlib import Path

from docutils import nodes

from . import program


class memcg_figure(nodes.General, nodes.Element):
    """A scenario that has been drawn; its attributes are texts, so that it can be kept."""


def _picture(node):
    """The picture without its style element, which a strict policy refuses (the element's program has the same rules), and
    as wide as there is room where no style sheet says so."""
    svg = re.sub(r"<style>.*?</style>\n?", "", node["svg"], count=1, flags=re.S)
    root, end, rest = svg.partition(">")
    root = re.sub(r' width="\d+"', ' width="100%" preserveAspectRatio="xMinYMin meet"', root, count=1)
    if node["alt"]:
        root += f' aria-label="{escape(node["alt"])}"'
    return root + end + rest


def _still(node, with_race):
    out = f'<figure><div class="memcg-figure">{_picture(node)}</div>'
    if with_race:
        out += f"<details><summary>The race as text</summary><pre>{escape(node['ascii'])}</pre></details>"
    if node["caption"]:
        out += f"<figcaption>{escape(node['caption'])}</figcaption>"
    return out + "</figure>"


def visit_html(self, node):
    """HTML: the element around the figure. EPUB, and pages without an engine to load: the figure."""
    engine = self.builder.config.memcg_engine
    if self.builder.name == "epub" or not engine:
        self.body.append(f'<div class="memcg">{_still(node, self.builder.name != "epub")}</div>\n')
        raise nodes.SkipNode
    attributes = {"src": "#" + node["fragment"], "height": node["height"], "theme": node["theme"], "mode": node["mode"], "alt": node["alt"] or node["title"]}
    written = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items() if value)
    # Data, which no policy on scripts speaks of; its strings hold no end of a script.
    steps = f'<script type="application/json" class="memcg-steps">{node["steps"]}</script>' if node["steps"] else ""
    loader = ""
    if not getattr(self, "memcg_loaded", False):
        self.memcg_loaded = True
        if "://" not in engine and not engine.startswith("/"):
            engine = "../" * self.builder.get_target_uri(self.builder.current_docname).count("/") + engine
        loader = f'<script defer src="{escape(engine.rstrip("/"))}/memcg-playground.js"></script>'
    self.body.append(f'<div class="memcg"><memcg-playground{written}>{_still(node, True)}{steps}</memcg-playground>{loader}</div>\n')
    raise nodes.SkipNode


def visit_latex(self, node):
    """LaTeX reads no SVG: the figure as a bitmap for paper."""
    name = f"memcg-{hashlib.sha256((node['svg']).encode()).hexdigest()[:16]}.png"
    path = Path(self.builder.outdir, name)
    if not path.exists():
        step = str(program.held(node["svg"])[1])
        path.write_bytes(program.draw(self.builder.config.memcg_command, "-", node["svg"], "png", ["--theme", "print", "--step", step, "--scale", "3"]))
    self.body.append("\n\\begin{figure}[htbp]\n\\centering\n\\noindent\\sphinxincludegraphics[width=\\linewidth]{%s}\n" % name)
    if node["caption"]:
        self.body.append("\\caption{%s}\n" % self.encode(node["caption"]))
    self.body.append("\\end{figure}\n")
    raise nodes.SkipNode


def skip(self, node):
    """Never reached: whoever shows text only is given a literal block by :func:`as_text`."""
    raise nodes.SkipNode


def as_text(app, doctree, docname):
    """For every builder that is neither: the race diagram."""
    if app.builder.format in ("html", "latex"):
        return
    for node in list(doctree.findall(memcg_figure)):
        block = nodes.literal_block(node["ascii"], node["ascii"], language="none")
        caption = [nodes.paragraph(node["caption"], node["caption"])] if node["caption"] else []
        node.replace_self([block, *caption])
