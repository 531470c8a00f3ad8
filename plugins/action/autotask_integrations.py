# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the module of the same name inside the controller process, when its host is local."""

from __future__ import annotations

from ..module_utils._profile.library import warm
from ..modules import autotask_integrations
from ..plugin_utils._in_process import InProcessAction
from ..plugin_utils._variables import known_names

# Ansible imports an action once a run, in the process that forks for each tenant.
warm()
known_names()


class ActionModule(InProcessAction):
    """The action of autotask_integrations."""

    module = autotask_integrations
