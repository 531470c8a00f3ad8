# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What it costs to check a fleet: the collection beside what else one could do. `make bench` runs it."""
