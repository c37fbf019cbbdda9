"""Scores our reader and DuckDB's own detection on the same files and prints the tables of docs/reader.md."""

import argparse
import csv
import json
import subprocess
from pathlib import Path

import duckdb

import measure
import pollute

SYSTEMS = ["Makegood", "DuckDB", "DuckDB, all text"]


def ours(cells, paths):
    """Header and records of each file, by one process for all of them; None where it is refused."""
    told = subprocess.run([cells], input="\n".join(map(str, paths)) + "\n", capture_output=True, text=True, check=True)
    for line in told.stdout.splitlines():
        table = json.loads(line)
        yield None if "refused" in table else [*([table["header"]] if table["header"] else []), *table["records"]]


def ducks(paths, **options):
    """As the benchmark loads with DuckDB's detection: whatever it can take is taken."""
    for path in paths:
        try:
            found = duckdb.connect().read_csv(str(path), strict_mode=False, ignore_errors=True, null_padding=True, **options)
            rows = [["" if cell is None else str(cell) for cell in row] for row in found.fetchall()]
            yield [list(found.columns), *rows]
        except duckdb.Error:
            yield None


def load(cells, paths):
    return dict(zip(SYSTEMS, (list(ours(cells, paths)), list(ducks(paths)), list(ducks(paths, all_varchar=True)))))


def generated(work):
    """The polluted files of the project, written into the folder."""
    rows = pollute.clean()
    files = [*pollute.files_as_a_whole(rows), *pollute.single_rows(rows), *pollute.beyond(rows)]
    paths = [work / f"{file.name}.csv" for file in files]
    for file, path in zip(files, paths):
        path.write_bytes(file.data)
    return files, paths


def published(folder):
    """The benchmark's own files, from a checkout of its repository."""
    weights = json.loads((folder / "pollock_weights.json").read_text())
    paths = sorted((folder / "polluted_files/csv").glob("*.csv"))
    files = []
    for path in paths:
        with open(folder / "polluted_files/clean" / path.name, encoding="utf-8-sig", newline="") as clean:
            table = list(csv.reader(clean))
        group = "the whole file" if path.name in ("source.csv",) or path.name.startswith("file_") else path.name.split("_row")[0]
        files.append(pollute.Polluted(path.stem, path.read_bytes(), table, weights[path.name], group.rstrip("0123456789_")))
    return files, paths


def spectrum(cells, folder):
    """How many files of csv-spectrum each system reads exactly."""
    paths = sorted((folder / "package/csvs").glob("*.csv"))
    exact = {system: 0 for system in SYSTEMS}
    for system, tables in load(cells, paths).items():
        for path, table in zip(paths, tables):
            wanted = json.loads((folder / "package/json" / f"{path.stem}.json").read_text())
            wanted = wanted if isinstance(wanted, list) else [wanted]
            if path.stem == "location_coordinates":  # its JSON has another phone number than its CSV
                wanted[0]["Contact Phone Number"] = "2095257564"
            exact[system] += bool(table) and [dict(zip(table[0], row)) for row in table[1:]] == wanted
    print(f"\ncsv-spectrum, {len(paths)} files: " + ", ".join(f"{system} {count}" for system, count in exact.items()))


def scores(files, tables):
    """Prints each measure, the scores, and the scores by group."""
    points = {system: [measure.of(table, file.table) for file, table in zip(files, found)] for system, found in tables.items()}
    listed = [at for at, file in enumerate(files) if file.group != "beyond the list"]
    line = lambda name, values: print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in values) + " |")
    print(f"\n| {len(listed)} files | " + " | ".join(SYSTEMS) + " |\n| --- |" + " --- |" * len(SYSTEMS))
    means = {system: measure.mean([points[system][at] for at in listed]) for system in SYSTEMS}
    for number, name in enumerate(measure.NAMES):
        line(name, (means[system][number] for system in SYSTEMS))
    line("**simple score** (of 10)", (sum(means[system]) for system in SYSTEMS))
    weight = sum(files[at].weight for at in listed)
    weighted = lambda system: sum(sum(points[system][at]) * files[at].weight for at in listed) / weight
    line("**weighted score** (of 10)", map(weighted, SYSTEMS))
    for group in dict.fromkeys(file.group for file in files):
        those = [at for at, file in enumerate(files) if file.group == group]
        line(f"{group} ({len(those)})", (sum(measure.mean([points[system][at] for at in those])) for system in SYSTEMS))
    return points


def losses(files, points):
    """The files that cost us points, the dearest first."""
    lost = sorted(((10 - sum(own)) * file.weight, 10 - sum(own), 10 - sum(duck), file.name)
                  for file, own, duck in zip(files, points["Makegood"], points["DuckDB, all text"]) if sum(own) < 9.9999)
    for weighted, own, duck, name in reversed(lost):
        print(f"{weighted:9.2f} {own:7.3f} {duck:7.3f}  {name}")


def main():
    options = argparse.ArgumentParser(prog="scripts/bench reader")
    options.add_argument("--cells", required=True, help=argparse.SUPPRESS)
    options.add_argument("--work", required=True, type=Path, help=argparse.SUPPRESS)
    options.add_argument("--list", action="store_true", help="list the files that lose points")
    options.add_argument("--pollock", type=Path, metavar="DIR", help="score the files of a checkout of the benchmark")
    options = options.parse_args()
    files, paths = published(options.pollock) if options.pollock else generated(options.work)
    points = scores(files, load(options.cells, paths))
    if options.list:
        losses(files, points)
    if not options.pollock:
        spectrum(options.cells, options.work)


if __name__ == "__main__":
    main()
