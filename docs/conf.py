"""Sphinx's settings of the site; tools/build_site.py lays out its pages and calls it."""

from importlib.metadata import version as _version

project = "stormtrack"
author = "The stormtrack developers"
copyright = author
version = release = _version("stormtrack")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.autosummary", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
exclude_patterns: list[str] = []
nitpicky = False
myst_heading_anchors = 4
autosummary_generate = True
autosummary_generate_overwrite = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_param = False

html_theme = "pydata_sphinx_theme"
html_title = "stormtrack"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "show_nav_level": 2,
    "header_links_before_dropdown": 7,
    "navigation_depth": 3,
    "show_prev_next": True,
}
pygments_style = "tango"
