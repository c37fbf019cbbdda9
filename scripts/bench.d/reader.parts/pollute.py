"""One clean table, and what the Pollock benchmark (Vitagliano et al., VLDB 2023) does to such a table: the same list, the
same shape (83 records of nine cells), so the frequencies it found in the wild apply. Beside it, pollutions that the
benchmark leaves out."""

import random
from dataclasses import dataclass

HEADER = ["DATE", "TIME", "Qty", "PRODUCTID", "Price", "ProductType", "Product Description", "URL", "Comments"]
WORDS = "sturdy light quick café jacket rod boot trail paddle warm dry señal größe handle river cover cable lamp".split()


@dataclass
class Polluted:
    """A file, the table a reader should make of it (its first row is the header, or the first record where there is
    none), how often it occurs in the wild, and its group."""

    name: str
    data: bytes
    table: list
    weight: float
    group: str


@dataclass
class Cell:
    """A cell and whether it stands in quotes; what is in it as it is written, or to be escaped."""

    text: str
    quoted: bool = False


def clean():
    """Header and records: quoted texts with commas, an escaped quote here and there, an empty last column."""
    chance = random.Random(20230825)
    rows = [[Cell(name, column in (6, 7)) for column, name in enumerate(HEADER)]]
    for number in range(83):
        text = " ".join(chance.choice(WORDS) for _ in range(9))
        text = f"{text[:20]}, {text[20:]}" + (' with "double" eyelets' if number % 17 == 3 else "")
        kind = f"{chance.choice(WORDS).title()} {chance.choice(WORDS)}" + ("" if number % 5 else ", spare")
        code = f"{chance.choice('MRCG')}{chance.choice('GICA')}-{chance.randrange(1000, 9999)}"
        rows.append([
            Cell(f"{13 + number % 15}/{1 + number // 15:02}/2018"), Cell(f"{number // 4:02}:{number % 4 * 15:02}"),
            Cell(str(chance.randrange(2, 30))), Cell(code), Cell(f"${chance.randrange(500, 9999) / 100:.2f}"),
            Cell(kind, "," in kind), Cell(text, True), Cell(f"https://www.example.com/product/{code}.html", True),
            Cell("returned" if number % 21 == 4 else ""),
        ])
    return rows


def write(rows, delimiter=",", quote='"', escape='"', end="\r\n", delimiters=None, ends=None):
    """The rows as text. `delimiters` overrides the delimiters of a row by its number, `ends` its line end."""
    lines = []
    for number, row in enumerate(rows):
        between = (delimiters or {}).get(number, [delimiter] * (len(row) - 1))
        cells = [f"{quote}{cell.text.replace(quote, escape + quote)}{quote}" if cell.quoted else cell.text for cell in row]
        lines.append("".join(cell + mark for cell, mark in zip(cells, [*between, ""])) + (ends or {}).get(number, end))
    return "".join(lines)


def texts(rows):
    return [[cell.text for cell in row] for row in rows]


def plain(table):
    return [[Cell(text) for text in row] for row in table]


def files_as_a_whole(rows):
    """The 22 files that are polluted as a whole, with how often each was found."""
    table = texts(rows)

    def polluted(name, weight, text, expected=table):
        return Polluted(name, text.encode(), expected, weight, "the whole file")

    last = len(rows) - 1
    above = plain([HEADER])
    preamble = plain([["PREAMBLE"] + [""] * 8, [""] * 9])
    below = [row[:8] for row in rows[:-1]], rows[:-1], [row + [Cell("col1" if row is rows[0] else row[7].text)] for row in rows[:-1]]
    yield polluted("source", 1, write(rows))
    yield polluted("no_payload", 15, "", [])
    yield polluted("no_trailing_newline", 184, write(rows, ends={last: ""}))
    yield polluted("double_trailing_newline", 5, write(rows, ends={last: "\r\n\r\n"}))
    yield polluted("no_header", 470, write(rows[1:]), table[1:])
    for extra in (1, 2):
        header = [" ".join([name] * (extra + 1)) for name in HEADER]
        yield polluted(f"header_multirow_{extra + 1}", 47, write(above * extra + rows), [header, *table[1:]])
    yield polluted("preamble", 282, write(preamble + rows))
    for name, second in zip(("less", "same", "more"), below):
        yield polluted(f"multitable_{name}", 188 / 3, write(rows + second))
    yield polluted("header_only", 3, write(rows[:1]), table[:1])
    yield polluted("one_data_row", 4, write(rows[:2]), table[:2])
    yield polluted("record_delimiter_LF", 1691, write(rows, end="\n"))
    yield polluted("record_delimiter_CR", 7, write(rows, end="\r"))
    for name, weight, delimiter in (("semicolon", 834, ";"), ("tab", 4, "\t"), ("comma_blank", 101, ", "), ("blank", 4, " ")):
        yield polluted(f"field_delimiter_{name}", weight, write(rows, delimiter=delimiter))
    yield polluted("quotation_char_apostrophe", 11, write(rows, quote="'", escape="'"))
    yield polluted("escape_char_backslash", 1, write(rows, escape="\\"))
    yield polluted("escape_char_none", 7, write(rows, escape=""))


def single_rows(rows):
    """One row polluted: a delimiter more or less, a quote too many, blanks for its delimiters."""
    table = texts(rows)
    for number, row in enumerate(rows):
        for column in range(len(row)):
            text = write(rows[:number] + [row[:column] + [Cell("")] + row[column:]] + rows[number + 1:])
            yield Polluted(f"more_sep_row{number}_col{column}", text.encode(), table, 338.33 / 756, "a delimiter too many")
            if column:
                marks = [","] * 8
                marks[column - 1] = ""
                text = write(rows, delimiters={number: marks})
                yield Polluted(f"less_sep_row{number}_col{column}", text.encode(), table, 338.33 / 672, "a delimiter too few")
            torn = [list(line) for line in table]
            torn[number][column] = '"' + torn[number][column]
            yield Polluted(f"extra_quote_row{number}_col{column}", extra_quote(rows, number, column).encode(), torn,
                           8.52 / 756, "a quote too many")
        text = write(rows, delimiters={number: [" "] * 8})
        yield Polluted(f"field_delimiter_row{number}_blank", text.encode(), table, 13.14 / 84, "a row in another dialect")


def extra_quote(rows, number, column):
    """A quote in front of what the cell holds, inside its own quotes where it has them, and not escaped."""
    lines = [write([row]) for row in rows]
    cells = [write([[cell]], end="") for cell in rows[number]]
    inside = int(rows[number][column].quoted)
    cells[column] = cells[column][:inside] + '"' + cells[column][inside:]
    lines[number] = ",".join(cells) + "\r\n"
    return "".join(lines)


def beyond(rows):
    """What the benchmark's list leaves out and exports do all the same: encodings, footers, titles, odd delimiters."""
    table = texts(rows)

    def polluted(name, data, expected=table):
        return Polluted(name, data if isinstance(data, bytes) else data.encode(), expected, 1, "beyond the list")

    text = write(rows)
    for name, data in (
        ("utf_8_with_mark", b"\xef\xbb\xbf" + text.encode()),
        ("utf_16_le", b"\xff\xfe" + text.encode("utf-16-le")),
        ("utf_16_be", b"\xfe\xff" + text.encode("utf-16-be")),
        ("utf_16_le_without_mark", text.encode("utf-16-le")),
        ("utf_16_be_without_mark", text.encode("utf-16-be")),
        ("windows_1252", text.encode("cp1252")),
        ("utf_8_with_one_broken_byte", text.encode() + b"\xc3"),
    ):
        yield polluted(f"encoding_{name}", data)
    for name, delimiter in (("bar", "|"), ("caret", "^"), ("tilde", "~"), ("colon", ":")):
        quoted = [[Cell(cell.text, cell.quoted or delimiter in cell.text) for cell in row] for row in rows]
        yield polluted(f"delimiter_{name}", write(quoted, delimiter=delimiter))
    yield polluted("delimiter_declared", "sep=;\r\n" + write(rows, delimiter=";"))
    yield polluted("delimiter_at_every_end", write(rows, end=",\r\n"))
    yield polluted("all_quoted", write([[Cell(cell.text, True) for cell in row] for row in rows]))
    yield polluted("semicolon_apostrophe_backslash", write(rows, delimiter=";", quote="'", escape="\\", end="\n"))
    yield polluted("mixed_line_ends", write(rows, ends={number: "\n" for number in range(0, 84, 3)}))
    yield polluted("blank_lines", write(rows, ends={number: "\r\n\r\n" for number in range(0, 84, 7)}))
    yield polluted("title", "Sales of the shop\r\n" + text)
    yield polluted("title_and_blank_line", "Sales of the shop\r\n\r\n" + text)
    yield polluted("preamble_of_pairs", 'Report,"Sales, all"\r\nMade by,billing\r\nOn,2018-12-01\r\n\r\n' + text)
    yield polluted("footer", text + "83 records\r\n")
    yield polluted("footer_after_blank_line", text + "\r\n83 records\r\n")
    yield polluted("footer_delimited", text + "TOTAL,,1290,,,,,,\r\n")
    yield polluted("second_table_after_blank_line", text + "\r\nCode,Meaning\r\n504,gateway\r\n500,server\r\n")
    yield polluted("header_of_two_rows", "Sale,,,Product,,,,,\r\n" + text,
                   [[" ".join(pair).strip() for pair in zip(["Sale", "", "", "Product"] + [""] * 5, HEADER)], *table[1:]])
    yield polluted("nul_behind_the_end", text.encode() + b"\0" * 64)
    yield polluted("line_breaks_in_cells", write([[Cell(cell.text.replace(", ", ",\n"), cell.quoted) for cell in row] for row in rows]),
                   [[cell.text.replace(", ", ",\n") if cell.quoted else cell.text for cell in row] for row in rows])
