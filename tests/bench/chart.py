# SPDX-License-Identifier: GPL-2.0
"""A chart as SVG: a group of bars for each operation, a bar for each system, along
a logarithmic axis.  A bar goes from 1 to the value, so that what is better than
the system that everything is compared with points the other way."""
import html
import math

COLOURS = ("#7f7f7f", "#1f77b4", "#ff7f0e", "#ffbb78", "#8c564b", "#2ca02c", "#d62728")
LEFT, RIGHT, TOP, BOTTOM = 130, 20, 46, 24
WIDTH, BAR, GAP = 800, 7, 6


def decades(rows):
    """The powers of ten that the axis ends with"""
    values = [v for _, cells in rows for v in cells if v]
    return (min(0, math.floor(math.log10(min(values)))),
            max(1, math.ceil(math.log10(max(values)))))


def tag(name, content=None, **attributes):
    text = " ".join(f'{key.replace("_", "-")}="{value}"'
                    for key, value in attributes.items())
    if content is None:
        return f"<{name} {text}/>"
    return f"<{name} {text}>{html.escape(content)}</{name}>"


def ticks(low, high, x_of, bottom):
    for power in range(low, high + 1):
        x = round(x_of(10 ** power), 1)
        yield tag("line", x1=x, x2=x, y1=TOP, y2=bottom,
                  stroke="#000" if power == 0 else "#ddd")
        yield tag("text", f"{10 ** power:g}", x=x, y=bottom + 15,
                  text_anchor="middle")


def legend(systems, title):
    yield tag("text", title, x=LEFT, y=16, font_weight="bold")
    x = LEFT
    for system, colour in zip(systems, COLOURS):
        yield tag("rect", x=x, y=24, width=10, height=10, fill=colour)
        yield tag("text", system, x=x + 14, y=33)
        x += 30 + 7 * len(system)


def group(name, cells, top, x_of):
    yield tag("text", name, x=LEFT - 8, y=top + BAR * len(cells) / 2 + 4,
              text_anchor="end")
    for i, (value, colour) in enumerate(zip(cells, COLOURS)):
        if not value:
            continue
        ends = sorted((x_of(1), x_of(value)))
        yield tag("rect", x=round(ends[0], 1), y=top + i * BAR,
                  width=round(max(ends[1] - ends[0], 1.5), 1), height=BAR - 1,
                  fill=colour)


def draw(systems, rows, title):
    """rows: [(operation, [value or None for each system])]"""
    low, high = decades(rows)
    height = BAR * len(systems) + GAP
    bottom = TOP + height * len(rows)

    def x_of(value):
        share = (math.log10(value) - low) / (high - low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    lines = ["<!-- SPDX-License-Identifier: GPL-2.0 -->",
             f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" '
             f'height="{bottom + BOTTOM}" font-family="sans-serif" font-size="12">',
             tag("rect", width=WIDTH, height=bottom + BOTTOM, fill="#fff")]
    lines += legend(systems, title)
    lines += ticks(low, high, x_of, bottom)
    for i, (name, cells) in enumerate(rows):
        lines += group(name, cells, TOP + i * height + GAP / 2, x_of)
    return "\n".join(lines + ["</svg>"]) + "\n"
