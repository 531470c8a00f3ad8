# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A plot as SVG: lines over two logarithmic scales, with the spread of each point."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from bench.figures import Spread

WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 20, 40, 50
LEGEND = 18
COLOURS = ("#0b6e4f", "#c1292e", "#e08e1b", "#235789", "#777777", "#6f4aa8", "#2a9dc4")


@dataclass(frozen=True)
class Line:
    """One line: what it is called, and its points."""

    name: str
    points: Mapping[int, Spread]


class _Scale:
    """From a figure to a place on the page, by its logarithm; from one power of ten to another."""

    def __init__(self, figures: Sequence[float], start: float, end: float) -> None:
        self._low = math.floor(math.log10(min(figures)))
        self._high = max(math.ceil(math.log10(max(figures))), self._low + 1)
        self._start, self._end = start, end

    def __call__(self, figure: float) -> float:
        share = (math.log10(figure) - self._low) / (self._high - self._low)
        return round(self._start + share * (self._end - self._start), 1)

    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [10.0**power for power in range(self._low, self._high + 1)]


def svg(title: str, across: str, lines: Sequence[Line]) -> str:
    """The plot; without lines only its title."""
    bottom = HEIGHT + LEGEND * len(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{bottom}" viewBox="0 0 {WIDTH} {bottom}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{bottom}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
    ]
    if lines:
        x = _Scale([tenants for line in lines for tenants in line.points], LEFT, WIDTH - RIGHT)
        y = _Scale([figure for line in lines for point in line.points.values() for figure in (point.low, point.high)], HEIGHT - BOTTOM, TOP)
        parts += _grid(x, y, across)
        for place, line in enumerate(lines):
            parts += _drawn(line, x, y, COLOURS[place % len(COLOURS)], HEIGHT + LEGEND * place)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _grid(x: _Scale, y: _Scale, across: str) -> list[str]:
    parts = []
    for tick in x.ticks():
        parts.append(f'<line x1="{x(tick)}" y1="{TOP}" x2="{x(tick)}" y2="{HEIGHT - BOTTOM}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x(tick)}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{tick:,g}</text>')
    for tick in y.ticks():
        parts.append(f'<line x1="{LEFT}" y1="{y(tick)}" x2="{WIDTH - RIGHT}" y2="{y(tick)}" stroke="#dddddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(tick) + 4}" text-anchor="end">{tick:,g}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2:g}" y="{HEIGHT - BOTTOM + 36}" text-anchor="middle">{escape(across)}</text>')
    return parts


def _drawn(line: Line, x: _Scale, y: _Scale, colour: str, legend: int) -> list[str]:
    points = sorted(line.points.items())
    path = " ".join(f"{x(tenants)},{y(point.median)}" for tenants, point in points)
    parts = [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>']
    for tenants, point in points:
        parts.append(
            f'<line x1="{x(tenants)}" y1="{y(point.low)}" x2="{x(tenants)}" y2="{y(point.high)}" stroke="{colour}" stroke-width="5" opacity="0.4"/>'
        )
        parts.append(f'<circle cx="{x(tenants)}" cy="{y(point.median)}" r="4" fill="{colour}"/>')
    parts.append(f'<rect x="{LEFT}" y="{legend}" width="14" height="4" fill="{colour}"/>')
    parts.append(f'<text x="{LEFT + 22}" y="{legend + 7}">{escape(line.name)}</text>')
    return parts
