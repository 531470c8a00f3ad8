# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make release`: what is published of a version. Each file has the same bytes whenever and wherever it is made from the same commit."""
