#!/usr/bin/env python3
"""A peer of `kentongan bench judge`: spaCy's Indonesian tokenizer, PySastrawi's stemmer and a look-up of stems.

    pip install PySastrawi spacy
    kentongan bench judge --peer deploy/bench/sastrawi.py

It scans every hundredth text: stemming takes milliseconds a text.
"""

import sys
import time

import spacy
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

forms, texts = ([line.rstrip("\n") for line in open(path, encoding="utf-8")] for path in sys.argv[1:3])
nlp = spacy.blank("id")
stemmer = StemmerFactory().create_stemmer()
stems = set(forms)
texts = texts[::100]
print("sastrawi_spacy", flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    hits = sum(stemmer.stem(token.text) in stems for text in texts for token in nlp(text))
    print(f"{len(texts) / (time.perf_counter() - start):.1f} {hits}", flush=True)
