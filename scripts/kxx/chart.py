# SPDX-License-Identifier: GPL-2.0
"""Bar chart of scripts/bench, drawn by gnuplot: panels of horizontal bars, grouped by mode"""

ROW, GAP, BETWEEN, TOP = 22, 14, 110, 70  # pixels: row, gap between modes, between panels, top margin
WIDTH, LEFT = 1200, 250
COLOURS = {"null_blk": "#d95f02", "rnull": "#7570b3", "cxxnull": "#1b6ca8", "cxxnull, LTO=0": "#9ec9e8"}


class Panel:
    """A panel with one scale; @rows are (mode, I/O, {driver: value}, text after the bars)"""

    def __init__(self, title, unit, rows):
        self.title = title
        self.unit = unit
        self.drivers = [name for name in COLOURS if any(name in values for _, _, values, _ in rows)]
        self.rows, self.modes = [], []
        y, before = 0, None
        for mode, io, values, text in rows:
            if mode != before:
                y += GAP if before else 0
                self.modes.append((y + ROW / 2, mode))
            self.rows.append((y + ROW / 2, io, values, text))
            y, before = y + ROW, mode
        self.height = y
        # Range of the values, to leave room for the text after the longest bar.
        self.most = max(max(values.values()) for _, _, values, _ in rows)
        self.least = min(0, *(min(values.values()) for _, _, values, _ in rows))

    def script(self, name, top, total):
        """Returns gnuplot commands for the panel, @top pixels below the edge of a picture of height @total"""
        tics = ", ".join(f'"{io}" {y}' for y, io, _, _ in self.rows)
        data = "\n".join(" ".join([f"{y}", *(f"{values.get(driver, 'NaN')}" for driver in self.drivers),
                                   f"{max(0, *values.values())}", f'"{text}"']) for y, _, values, text in self.rows)
        thick = 0.8 * ROW / len(self.drivers)
        bars = [f"${name} using (0):1:(0):{2 + i}:($1+{thick * i - 0.4 * ROW:.2f}):($1+{thick * (i + 1) - 0.4 * ROW:.2f})"
                f' with boxxyerror linecolor rgb "{COLOURS[driver]}" title "{driver}"'
                for i, driver in enumerate(self.drivers)]
        texts = f"${name} using {2 + len(self.drivers)}:1:{3 + len(self.drivers)} with labels left offset 0.6,0 notitle"
        labels = "\n".join(f'set label {i} "{mode}" at graph 0, first {y} right offset -14,0 font ",13"'
                           for i, (y, mode) in enumerate(self.modes, 1))
        return f"""\
${name} << EOD
{data}
EOD
unset label
set lmargin at screen {LEFT / WIDTH}
set rmargin at screen 0.97
set tmargin at screen {1 - top / total}
set bmargin at screen {1 - (top + self.height) / total}
set title "{self.title}" font ",15" offset 0,0.8
set xlabel "{self.unit}" offset 0,0.8
set xrange [{self.least * 1.05}:{self.most + 0.14 * (self.most - self.least)}]
set yrange [{self.height}:0]
set ytics ({tics})
{labels}
plot {", ".join([*bars, texts])}
"""


def script(title, panels):
    """Returns the gnuplot script for all panels, and the size of the picture"""
    total = TOP + sum(panel.height + BETWEEN for panel in panels)
    parts, top = [], TOP + 30
    for number, panel in enumerate(panels):
        parts.append(panel.script(f"panel{number}", top, total))
        top += panel.height + BETWEEN
    head = f"""\
set encoding utf8
set multiplot title "{title}" font ",17"
set style fill solid 1 noborder
set grid xtics
set tics nomirror scale 0
set border 1
set key at graph 1, graph 1 right bottom horizontal
set format x "%'.0f"
set xzeroaxis
set arrow from first 0, graph 0 to first 0, graph 1 nohead linecolor rgb "#404040"
"""
    return head + "".join(parts) + "unset multiplot\n", (WIDTH, total)
