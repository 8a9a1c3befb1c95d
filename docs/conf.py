"""The documentation as a site: `make docs` writes it to build/site.  It is read without network, mathematics as MathML."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

from derive.version import VERSION

project = "derive"
author = "the authors of derive"
copyright = "the authors of derive, MIT licence"
version = release = VERSION
html_theme = "furo"
html_title = "derive"
html_copy_source = False
html_show_sphinx = False
html_static_path = ["site.css"]
html_css_files = ["site.css"]
html_math_renderer = "mathml"
html_theme_options = {"sidebar_hide_name": False}
extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_click",
    "mathml",
    "github_math",
    "examples",
]
exclude_patterns = ["extensions"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
nb_execution_mode = "off"  # the notebook's outputs are kept, and compared by a test
nb_mime_priority_overrides = [("html", "text/html", 0), ("html", "text/latex", 10)]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
python_use_unqualified_type_names = True
smartquotes = False  # commands have two hyphens
default_role = "code"  # docstrings write `code` in single backticks
suppress_warnings = ["misc.highlighting_failure"]
