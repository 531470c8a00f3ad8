# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The local connection under another name, so that modules are started the usual way."""

from __future__ import annotations

from ansible.plugins.connection.local import Connection as Local

DOCUMENTATION = """
name: over_there
short_description: This machine, as if it were another one
description: See the module.
extends_documentation_fragment: [connection_pipelining]
options:
  become_success_timeout: {description: See ansible.builtin.local., type: int, default: 10}
  become_strip_preamble: {description: See ansible.builtin.local., type: bool, default: true}
"""


class Connection(Local):
    """See DOCUMENTATION."""

    transport = "over_there"
