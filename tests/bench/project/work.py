# SPDX-License-Identifier: GPL-2.0
"""Work for an interpreter: words are made, found, counted and sorted."""
import re

text = " ".join(f"{i * i % 9973:x}" for i in range(100000))
count = {}
for word in re.findall("[a-f]+", text):
    count[word] = count.get(word, 0) + 1
order = sorted(count, key=lambda word: (-count[word], word))
assert sum(count.values()) > len(order) > 100
