# A project as an author has one; `cargo xtask test --only docs` builds it and looks at it in Chromium.
project = "Walks of memory cgroups"
extensions = ["sphinx_memcg"]
memcg_engine = "memcg/"
man_pages = [("index", "memcg-walks", "Walks of memory cgroups", ["the playground"], 7)]
version = "1"
copyright = "the playground's authors"
html_favicon = "../../../web/static/favicon.svg"
