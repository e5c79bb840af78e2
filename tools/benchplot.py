# SPDX-License-Identifier: MIT
"""Draws rows flat_SERVICE_N of a bench.json as an SVG: instructions over the number of objects."""

import math
import re

FLAT = re.compile(r"flat_(\w+)_(\d+)")
WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 400, 60, 150, 40, 50
COLOURS = ["#1b6ca8", "#c0392b", "#2e8b57", "#8e44ad", "#b9770e", "#34495e"]


def flat_rows(rows):
    """{service: [(objects, value), ...]} of the rows that are about flatness."""
    services = {}
    for name, row in rows.items():
        if match := FLAT.fullmatch(name):
            services.setdefault(match[1], []).append((int(match[2]), row["value"]))
    return {service: sorted(points) for service, points in services.items()}


def text(x, y, words, anchor="middle", colour="#222"):
    return (f'<text x="{x:.0f}" y="{y:.0f}" font-family="sans-serif" font-size="12" '
            f'text-anchor="{anchor}" fill="{colour}">{words}</text>')


def line(x1, y1, x2, y2):
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" stroke="#ddd"/>'


def svg(services):
    """The drawing; objects on a logarithmic axis, instructions from 0."""
    points = [point for line_of in services.values() for point in line_of]
    low, high = (math.log10(edge(n for n, _ in points)) for edge in (min, max))
    top = math.ceil(max(value for _, value in points) * 1.1 / 20) * 20

    def at(objects, value):
        part = (math.log10(objects) - low) / (high - low or 1)
        return (LEFT + part * (WIDTH - LEFT - RIGHT),
                HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM))

    drawn = [text(WIDTH / 2, 20, "Instructions of a service, by how many objects there are")]
    for value in range(0, top + 1, 20):
        drawn += [line(*at(10 ** low, value), *at(10 ** high, value)),
                  text(LEFT - 8, at(10 ** low, value)[1] + 4, value, "end")]
    for objects in sorted({n for n, _ in points}):
        drawn += [line(*at(objects, 0), *at(objects, top)),
                  text(at(objects, 0)[0], HEIGHT - BOTTOM + 18, f"{objects:,}")]
    drawn.append(text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, "objects"))
    # Names keep off one another: from the lowest up.
    below = math.inf
    for colour, (service, of_service) in zip(
            COLOURS * len(services), sorted(services.items(), key=lambda item: item[1][-1][1])):
        places = [at(*point) for point in of_service]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        drawn.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        below = min(places[-1][1] + 4, below - 14)
        drawn.append(text(places[-1][0] + 10, below, f"{service} {of_service[-1][1]}", "start",
                          colour))
    body = "\n".join(drawn)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
            f'width="{WIDTH}" height="{HEIGHT}">\n<rect width="100%" height="100%" fill="#fff"/>\n'
            f'{body}\n</svg>\n')
