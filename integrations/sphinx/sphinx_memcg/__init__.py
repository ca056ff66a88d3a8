"""Living figures of memory-cgroup iterators in Sphinx documents; docs/embedding.md of the playground describes them.

``directive`` has a scenario drawn, ``program`` asks the program ``memcg`` for that, ``markup`` writes what each builder can
show, ``links`` makes links.
"""

from .directive import Memcg
from .markup import as_text, memcg_figure, skip, visit_html, visit_latex

__version__ = "0.1.0"


def setup(app):
    """Called by Sphinx."""
    app.add_config_value("memcg_command", "memcg", "env", [str])
    app.add_config_value("memcg_engine", "", "html", [str])
    app.add_node(
        memcg_figure,
        html=(visit_html, None),
        latex=(visit_latex, None),
        **{name: (skip, None) for name in ("text", "man", "texinfo")},
    )
    app.add_directive("memcg", Memcg)
    app.connect("doctree-resolved", as_text)
    # A change of what is kept of a figure; files may be read and written side by side.
    return {"version": __version__, "env_version": 1, "parallel_read_safe": True, "parallel_write_safe": True}
