"""The Pollock benchmark's ten measures of a loaded table against the clean one: success; precision, recall and F1 of the
header, the records and the cells. As there, a file that was refused has none of them, records are compared without the
borders of their cells and without the writing of numbers, dates and amounts, and cells as they are."""

import re
from collections import Counter
from datetime import datetime

NAMES = ["success"] + [f"{what} {measure}" for what in ("header", "record", "cell") for measure in ("precision", "recall", "F1")]
DATES = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d %H:%M:%S", "%m/%d/%Y")
TIMES = ("%H:%M", "%H:%M:%S")


def of(loaded, table):
    """The ten measures. `loaded` is the header and the records as lists of texts, or None for a refused file."""
    if loaded is None:
        return [0.0] * 10
    if not table:
        return [1.0] * 10
    alike = lambda row: [normal(cell) for cell in row]
    record = lambda row: "".join(alike(row))
    return [1.0,
            *common(alike(table[0]), alike(loaded[0]) if loaded else []),
            *common(map(record, table[1:]), map(record, loaded[1:])),
            *common((cell for row in table for cell in row), (cell for row in loaded for cell in row))]


def common(wanted, found):
    """Precision, recall and F1 as the benchmark names them."""
    wanted, found = Counter(wanted), Counter(found)
    if not wanted:
        return 1.0, 1.0, 1.0
    both = (wanted & found).total()
    if not both:
        return 0.0, 0.0, 0.0
    precision, recall = both / wanted.total(), both / found.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def normal(cell):
    text = cell.strip()
    if re.fullmatch(r"[-+]?\d+", text):
        return str(int(text))
    if re.fullmatch(r"[-+]?\d*\.\d+", text):
        return str(float(text))
    if re.fullmatch(r"\$\d+\.\d+", text):
        return f"${float(text[1:])}"
    for form in DATES + TIMES if text[:1].isdigit() else ():
        try:
            return str(datetime.strptime(text, form))
        except ValueError:
            pass
    return {"true": "1", "false": "0"}.get(cell.lower(), cell.lower())


def mean(measures):
    """The mean of each measure over many files."""
    return [sum(column) / len(measures) for column in zip(*measures)]
