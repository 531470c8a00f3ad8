# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Sphinx builds the site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from docutils import nodes

ROOT = Path(__file__).resolve().parents[2]
ANSIBLE = "https://docs.ansible.com/projects/ansible/latest"
# What pages of antsibull-docs refer to in Ansible's own documentation. Its list of labels is not fetched: a build needs no network.
ELSEWHERE = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html#ansible-configuration-settings",
    "callback_plugins": "plugins/callback.html#callback-plugins",
    "common_return_values": "reference_appendices/common_return_values.html#common-return-values",
}

project = "msp.autotask"
author = "msp.autotask contributors"
version = release = yaml.safe_load((ROOT / "galaxy.yml").read_text())["version"]

extensions = ["myst_parser", "sphinx_antsibull_ext"]
exclude_patterns = ["README.md"]  # parts of it are included
myst_heading_anchors = 4
highlight_language = "none"
pygments_style = "ansible"
pygments_dark_style = "github-dark"


def _colours(brand: str, types: str, required: str, added: str, default: str) -> dict[str, str]:
    """The colours of one scheme, each readable on its background. The theme makes them variables of the style sheet."""
    return {
        **dict.fromkeys(["color-brand-primary", "color-brand-content"], brand),
        **dict.fromkeys(["antsibull-option-type", "antsibull-option-elements"], types),
        **dict.fromkeys(["antsibull-option-required", "antsibull-attribute-support-none"], required),
        **dict.fromkeys(["antsibull-option-version-added", "antsibull-option-aliases", "antsibull-attribute-support-full"], added),
        **dict.fromkeys(["antsibull-option-default", "antsibull-option-sample", "antsibull-attribute-support-partial"], default),
    }


html_theme = "furo"
html_title = f"msp.autotask {version}"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_show_copyright = False
html_use_index = False
html_theme_options = {
    "source_repository": "https://github.com/msp-autotask/msp.autotask",
    "light_css_variables": _colours(brand="#0b5c8a", types="#7a1b7a", required="#b3261e", added="#1b5e20", default="#1a3fb0"),
    "dark_css_variables": _colours(brand="#7cc4ee", types="#f0a6f0", required="#ff9a90", added="#8fd694", default="#b3c4ff"),
}
antsibull_ext_color_scheme = "none"


def _elsewhere(_app: Any, _environment: Any, node: Any, content: Any) -> Any:
    """A reference to a page of Ansible's own documentation."""
    page = ELSEWHERE.get(node.get("reftarget", ""))
    return nodes.reference("", "", content, internal=False, refuri=f"{ANSIBLE}/{page}") if page else None


def _as_the_theme_has_it(_app: Any, page: str, source: list[str]) -> None:
    """What is on a page the theme shows beside it, and it refuses a list of that within. A name is not written with capitals."""
    source[0] = re.sub(r"(?m)^\.\. contents::\n(?: +:.*\n)*", "", source[0])
    if page == "reference/index":
        source[0] = source[0].replace("Msp.Autotask\n============", "Modules, plugins and roles\n==========================")


def setup(app: Any) -> None:
    """Sphinx calls this."""
    app.connect("source-read", _as_the_theme_has_it)
    app.connect("missing-reference", _elsewhere)
