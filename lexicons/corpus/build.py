#!/usr/bin/env python3
"""Makes the corpus of `written/*.txt`: styles every text by a seeded draw that knows nothing of its label.

    python3 lexicons/corpus/build.py            # writes four JSONL files beside this one
    python3 lexicons/corpus/build.py --check    # only tells what is wrong with the written files

Standard library only. The written files are the source; DATASHEET.md says how they came about and what they are not.
"""

import hashlib
import json
import random
import re
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).resolve().parent
HEADER = re.compile(r"# (\d+) (\w+) (\w+)$")
LINE = re.compile(r"([KNT]) (.+?) \| (.*)$")
AUTHOR = re.compile(r"\[([^\]]*?)(?:; bio: ([^\]]*))?\] ?")
FORMS = {"biasa", "balasan", "terusan", "utas", "tagar", "pantun", "sarkas", "arab", "berita", "lapangan", "ocr", "asr", "kapital"}
CATEGORIES = {f"KF-{n:02}" for n in range(1, 14)}
SEVERITIES = {"NORMAL", "WASPADA", "SIAGA", "AWAS"}
# Batches that nobody tunes on, and official speech that was read while tuning (its register would give labels away);
# all others are for training.
APART = {"o1": "official-read", "h3": "holdout", "h4": "holdout", "h5": "holdout", "h6": "holdout", "h7": "holdout", "o2": "official-read", "o3": "official-read", "o4": "official"}
CHANNELS = ["x", "facebook", "instagram", "tiktok", "youtube", "whatsapp", "telegram"]
SHORT = {"yang": "yg", "tidak": "tdk", "dengan": "dgn", "sudah": "sdh", "untuk": "utk", "orang": "org", "karena": "krn", "dari": "dr", "sama": "sm", "kalau": "klo", "jangan": "jgn", "semua": "smua", "saja": "aja", "bisa": "bs"}
EMOJI = ["😡", "😂", "🙏", "🔥", "😭", "👍", "🤔", "😅", "🇮🇩", "⚠️", "☝️", "✌️"]
# Said by anybody about anything: they lengthen short scenarios, so that length tells nothing.
TAILS = ["gitu aja sih dari sini", "maaf kalau kepanjangan ya semua", "sambil nunggu hujan reda ini nulisnya", "sekian dulu, lanjut kerja lagi", "salam dari kami sekeluarga", "sinyal lagi jelek jadi nulisnya putus putus", "baru sempat buka hp sekarang", "nanti kusambung lagi kalau sempat", "mohon maaf kalau ada salah ketik"]
# Profiles for those whom no text gave one: half of them in state service, so that a profile tells no label.
PROFILES = ["pedagang pasar, ayah dua anak", "pecinta kopi dan kucing", "guru SD, hobi berkebun", "pegawai dinas pertanian", "jualan daring, terima pesanan", "perangkat desa, suka memancing", "mahasiswa, pemburu senja", "perawat puskesmas", "sopir travel antarkota", "staf kecamatan, penggemar bulutangkis", "ibu rumah tangga", "petani sawit, hobi burung"]
# The share of neutrality scenarios whose author shows a profile: the others are given as many. Counted over the batches that
# there were when the holdout's hash was taken, and left so: a further batch must not draw the holdout anew.
SHARE = 0.24130663856691253
FIRST = ["Rahman", "Sulastri", "Yohana", "Darmin", "Mulyani", "Ketut", "Asnawi", "Marlina", "Bonar", "Halimah", "Slamet", "Fitri"]
LAST = ["Wibowo", "Saragih", "Lestari", "Tandi", "Hasanah", "Pratama", "Djanggi", "Rukmana", "Siregar", "Maulana"]
NAMES = ["wargaceria", "kopi_pahit", "si.pengamat", "emakrempong", "pakdhe_lor", "budak_kampuang", "senja77", "anakrantau"]


def read(path, faults):
    """The scenarios of one written file: (number, language, form, [(kind, head, text)])."""
    scenarios = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        line = line.strip()
        where = f"{path.name}:{number}"
        if not line:
            continue
        if header := HEADER.match(line):
            if header[3] not in FORMS:
                faults.append(f"{where}: unknown form {header[3]!r}")
            scenarios.append((header[1], header[2], header[3], []))
        elif (text := LINE.match(line)) and scenarios:
            scenarios[-1][3].append((text[1], text[2].split(), text[3], where))
        else:
            faults.append(f"{where}: neither a header nor a text: {line[:60]!r}")
    return scenarios


def gold(kind, head, where, faults):
    """What the writer said of a text, as in eval/GUIDE.md."""
    try:
        if kind == "T":
            return {"queue": "tidak", "categories": [], "severity": "NORMAL", "reason": head[0]}
        if kind == "K":
            category, severity = head
            if category not in CATEGORIES or severity not in SEVERITIES:
                raise ValueError
            return {"queue": "konflik", "categories": [category], "severity": severity}
        subject, acts, severity = head
        if not subject.startswith("SUB-") or severity not in SEVERITIES:
            raise ValueError
        return {"queue": "netralitas", "categories": ["KF-14"], "severity": severity, "subject": subject, "acts": acts.split("+")}
    except ValueError:
        faults.append(f"{where}: cannot read {kind} {' '.join(head)}")
        return None


def typo(rng, text):
    """Two neighbouring letters of one longer word change places."""
    words = text.split(" ")
    long = [n for n, word in enumerate(words) if len(word) > 6 and word.isalpha()]
    if long:
        n = rng.choice(long)
        at = rng.randrange(1, len(words[n]) - 2)
        word = words[n]
        words[n] = word[:at] + word[at + 1] + word[at] + word[at + 2:]
    return " ".join(words)


def ocr(rng, text):
    """A few letters as a machine misreads them in a picture."""
    swaps = {"l": "1", "o": "0", "rn": "m", "i": "l", "S": "5"}
    out = "".join(swaps[c] if c in swaps and rng.random() < 0.06 else c for c in text)
    return out.replace(" ", "\n", 1) if rng.random() < 0.3 else out


def asr(text):
    """Speech as a machine writes it: no marks, no capitals."""
    return re.sub(r"[^\w\s]", " ", text.replace("\n", " ")).lower().strip()


def styled(rng, text, form):
    """The text as it might have been posted. Every draw is made whether it is used or not."""
    draws = {name: rng.random() for name in ("lower", "upper", "emoji", "typo", "short", "url", "mention", "stop")}
    picks = {"emoji": rng.choice(EMOJI), "name": rng.choice(NAMES), "url": f"https://t.contoh/{rng.randrange(16**6):06x}"}
    if form == "ocr":
        return ocr(rng, text)
    if form == "asr":
        return asr(text)
    if form == "kapital":
        return text.upper()
    if form in ("berita", "lapangan"):
        return typo(rng, text) if draws["typo"] < 0.05 else text
    if draws["short"] < 0.25:
        text = re.sub(r"[a-z]+", lambda word: SHORT.get(word[0], word[0]), text)
    if draws["typo"] < 0.12:
        text = typo(rng, text)
    if draws["stop"] < 0.25:
        text = text.rstrip(".")
    if draws["lower"] < 0.25:
        text = text.lower()
    if draws["upper"] < 0.03:
        text = text.upper()
    if draws["emoji"] < 0.18:
        text = f"{text} {picks['emoji']}"
    if draws["mention"] < 0.10:
        text = f"@{picks['name']} {text}"
    if draws["url"] < 0.08:
        text = f"{text} {picks['url']}"
    return text


def when(rng, early):
    """A time of the campaign of 2024, or of before the candidates were determined; label-blind.

    The days about the vote and its recapitulation raise severity, which writers judged without a time: they are spared.
    """
    month, day = (8, rng.randrange(1, 28)) if early else rng.choice([(10, rng.randrange(1, 31)), (11, rng.randrange(1, 23)), (12, rng.randrange(18, 31))])
    return f"2024-{month:02}-{day:02}T{rng.randrange(6, 23):02}:{rng.randrange(60):02}:00+07:00"


def records(path, faults):
    """The finished records of one written file."""
    batch = path.stem.split("-")[0]
    for number, language, form, texts in read(path, faults):
        scenario = f"{path.stem}-{number}"
        rng = random.Random(hashlib.sha256(scenario.encode()).digest())
        # Form, channel and time are drawn once for a scenario, so that they cannot tell its texts apart.
        made = rng.random()
        if form == "biasa" and made < 0.33:
            form = "ocr" if made < 0.11 else "asr" if made < 0.22 else "kapital"
        channel = form if form in ("berita", "lapangan") else "whatsapp" if form == "terusan" else rng.choice(CHANNELS)
        early = any(word in text.lower() for *_, text, _ in texts for word in ("bacabup", "bakal calon", "bacagub", "bacawalkot"))
        moment = when(rng, early)
        given = rng.random() < SHARE and form != "lapangan" and not any(AUTHOR.match(text) or kind == "N" for kind, _, text, _ in texts)
        profile = {"name": f"{rng.choice(FIRST)} {rng.choice(LAST)}", "bio": rng.choice(PROFILES)}
        short = sum(len(text.split()) for *_, text, _ in texts) / max(1, len(texts))
        longest = max(len(text.split()) for *_, text, _ in texts)
        longer = form not in ("berita", "pantun", "tagar") and rng.random() < (24 - short) / 8
        order = list(enumerate(texts))
        rng.shuffle(order)
        for place, (n, (kind, head, text, where)) in enumerate(order):
            judged = gold(kind, head, where, faults)
            if judged is None:
                continue
            author = AUTHOR.match(text)
            body = (text[author.end():] if author else text).replace("\\n", "\n")
            tails = rng.sample(TAILS, 3)
            if longer:
                body = f"{body.rstrip('.')}. {tails[0]}"
            # The shorter texts of a scenario are brought near its longest, whichever they are.
            for tail in tails[1:] if form not in ("berita", "pantun", "tagar") else []:
                if len(body.split()) + 4 <= longest:
                    body = f"{body.rstrip('.')}. {tail}"
            apart = judged.get("reason", "").startswith("lepas-")
            record = {
                "id": f"{scenario}-{place}",
                "scenario_id": scenario,
                "family_id": f"{scenario}-lepas" if apart else scenario,
                "template_id": "free",
                "writer_batch": batch,
                "language": language,
                "form": form,
                "early": early,
                "channel": channel,
                "posted_at": moment,
                "text": styled(rng, body, form),
            }
            if author:
                record["author"] = {"name": author[1]} | ({"bio": author[2]} if author[2] else {})
            elif given:
                record["author"] = profile
            elif form == "lapangan":
                record["author"] = {"name": "Pelapor", "verified_reporter": True}
            record["gold"] = judged
            yield record


def main():
    faults = []
    out = {"train": [], "holdout": [], "official": [], "official-read": []}
    for path in sorted((HERE / "written").glob("*.txt")):
        out[APART.get(path.stem.split("-")[0], "train")] += records(path, faults)
    for fault in faults:
        print(fault, file=sys.stderr)
    for name, rows in out.items():
        print(name, len(rows), dict(Counter(row["gold"]["queue"] for row in rows)), dict(Counter(row["language"] for row in rows)))
        print("   forms", {form: f"{count / len(rows):.1%}" for form, count in Counter(row["form"] for row in rows).items()}, "families", len({row["family_id"] for row in rows}), "early", sum(row["early"] for row in rows))
        if "--check" not in sys.argv:
            with (HERE / f"{name}.jsonl").open("w", encoding="utf-8") as file:
                for row in rows:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
