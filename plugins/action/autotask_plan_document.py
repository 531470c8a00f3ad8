# Copyright: msp.autotask contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)

"""Runs the module of the same name inside the controller process, when its host is local."""

from __future__ import annotations

from ..modules import autotask_plan_document
from ..plugin_utils._in_process import InProcessAction


class ActionModule(InProcessAction):
    """The action of autotask_plan_document."""

    module = autotask_plan_document
