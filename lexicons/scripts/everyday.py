#!/usr/bin/env python3
"""Counts how many of a thousand texts without an alarm in corpus/train.jsonl hold each word; writes everyday.tsv.

A rule is looked at only where the rarest thing that it needs stands in a text: this says what is rare.
"""
import collections
import json
import pathlib
import re

LEAST = 4  # of a thousand: a rarer word tells nothing that a set's other words do not

folder = pathlib.Path(__file__).resolve().parent.parent
texts = 0
holding = collections.Counter()
with open(folder / "corpus/train.jsonl", encoding="utf-8") as lines:
    for line in lines:
        post = json.loads(line)
        if post["gold"]["queue"] == "tidak":
            texts += 1
            holding.update(set(re.findall(r"[a-z]+", post["text"].lower())))
with open(folder / "everyday.tsv", "w", encoding="utf-8") as out:
    for word, count in sorted(holding.items(), key=lambda item: (-item[1], item[0])):
        share = round(1000 * count / texts)
        if share >= LEAST and len(word) > 1:
            out.write(f"{word}\t{share}\n")
