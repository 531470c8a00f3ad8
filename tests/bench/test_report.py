# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the benchmark writes: tables in Markdown, and a plot."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from bench import plot, report
from bench.figures import NEW, Case, Results, Run, Spread
from bench.plot import Line
from bench.report import Machine
from bench.ways import cases

MACHINE = Machine(2, "Linux x86_64", "3.13.0", "2.21.5")
SVG = "{http://www.w3.org/2000/svg}"


def some() -> Results:
    results = Results()
    for cpu in (20.0, 21.0, 22.0):
        results.add(Case("collection", 100), Run(12.5, cpu, 80.4, (12, 13), 6))
    results.add(Case("bare", 1), Run(0.3, 0.2, 29, (18, 18)))
    results.add(Case("collection", 1, 150), Run(3, 2, 75, (13, 13), 6))
    results.add(Case("collection", 10, fleet=NEW), Run(30, 8, 76, (170, 170), 9))
    results.failed[Case("usual", 1)] = "ended with 2"
    return results


def test_a_table_has_a_line_for_each_case_with_its_spread() -> None:
    text = report.text(some(), MACHINE)
    assert "| this collection | 100 | 0.210 (0.200 to 0.220) | 12.5 | 12 to 13 | 80 | 6 | 3 |" in text
    assert "| bare `requests` | 1 | 0.200 | 0.300 | 18 | 29 | - | 1 |" in text
    sync, away, new = text.index("## A fleet in sync"), text.index("### 150 ms away"), text.index("## The first run")
    assert (
        sync
        < text.index("| this collection | 100")
        < away
        < text.index("| this collection | 1 ")
        < new
        < text.index("| this collection | 10 ")
    )


def test_the_report_says_on_what_and_what_was_left_out() -> None:
    text = report.text(some(), MACHINE)
    for said in ("On 2 cores (Linux x86_64), Python 3.13.0, ansible-core 2.21.5", "above 100 tenants", "(in sync, 0 ms): ended with 2."):
        assert said in text
    assert "Not measured." in text
    assert (
        "shortened one: this collection (in sync, 0 ms), 1, 10, 1,000 tenants; `ansible.builtin.uri` (in sync, 0 ms), 1, 10, 100 tenants"
        in text
    )


def test_a_run_that_left_nothing_out_is_no_shortened_one() -> None:
    whole = Results()
    for case in cases():
        whole.add(case, Run(1, 1, 70, (18, 18), 2))
    assert "shortened" not in report.text(whole, MACHINE)


def test_the_report_and_its_plot_are_written_beside_each_other(tmp_path: Path) -> None:
    assert "| target | wanted | reached | met |" in report.write(some(), MACHINE, tmp_path / "docs")
    names = {path.name for path in (tmp_path / "docs").iterdir()}
    assert names == {"performance.md", "performance.svg"}
    assert "(performance.svg)" in (tmp_path / "docs" / "performance.md").read_text()


def test_every_line_of_a_table_has_all_columns() -> None:
    table = report.markdown(["a", "b"], [["1", "2"], ["3", "4"]])
    assert table == "| a | b |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |"


def test_a_plot_has_a_line_a_point_and_a_name_for_what_it_shows() -> None:
    lines = [Line("one & all", {1: Spread(2, 1, 3), 10: Spread(0.2, 0.1, 0.3)}), Line("other", {1: Spread(20, 20, 20)})]
    root = ElementTree.fromstring(plot.svg("Title", "tenants", lines))
    assert [len(root.findall(f"{SVG}{tag}")) for tag in ("polyline", "circle")] == [2, 3]
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert {"Title", "tenants", "one & all", "other", "1", "10", "0.1", "100"} <= set(texts)
    first, second = (circle.attrib for circle in list(root.iter(f"{SVG}circle"))[:2])
    assert float(first["cx"]) < float(second["cx"])
    assert float(first["cy"]) < float(second["cy"])  # less is further down


def test_a_plot_of_nothing_is_a_plot() -> None:
    assert ElementTree.fromstring(plot.svg("Title", "tenants", [])).tag == f"{SVG}svg"
