# SPDX-License-Identifier: GPL-2.0
"""Sphinx configuration of the manual: make htmldocs"""

project = "kxx"
author = "The cxxnull authors"
html_theme = "sphinx_rtd_theme"
html_static_path = ["static"]
html_css_files = ["manual.css"]
html_show_copyright = False
html_show_sphinx = False
highlight_language = "none"
# Files that other pages include.
exclude_patterns = ["drm_mm_cost.rst", "speed_figures.rst"]
