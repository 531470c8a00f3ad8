# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""`make site`: the documentation as a site. The pages are those of the repository, and what `ansible-doc` knows."""
