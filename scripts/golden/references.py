#!/usr/bin/env python3
"""Writes engine/src/test/resources/reference/*.txt (made with NumPy 2.4.6).

permutations.txt: seed, n, then RandomState(seed).permutation(n) three times, separated by semicolons.
dinuc_shuffles.txt: seed, sequence, then the shuffles that the algorithm of deeplift/dinuc_shuffle.py makes of it: the exits of
each letter, letters in sorted order, are permuted except for the last, one shuffle's exits being the next one's start.
Run from the project root: python3 scripts/golden/references.py
"""

from pathlib import Path

import numpy as np

FOLDER = Path("engine/src/test/resources/reference")


def dinuc_shuffles(sequence, count, random):
    letters = np.frombuffer(sequence.encode(), np.uint8)
    _, tokens = np.unique(letters, return_inverse=True)
    exits = [np.flatnonzero(tokens[:-1] == token) + 1 for token in range(tokens.max() + 1)]
    for _ in range(count):
        for token, old in enumerate(exits):
            kept = np.arange(len(old))
            kept[:-1] = random.permutation(len(old) - 1)
            exits[token] = old[kept]
        used = [0] * len(exits)
        position, shuffled = 0, [letters[0]]
        for _ in range(len(tokens) - 1):
            token = tokens[position]
            position = exits[token][used[token]]
            used[token] += 1
            shuffled.append(letters[position])
        yield bytes(shuffled).decode()


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "permutations.txt", "w") as file:
        for seed in (0, 1, 1234, 2**31, 2**32 - 1):
            for n in (0, 1, 2, 3, 8, 9, 100) + ((700,) if seed == 1234 else ()):
                random = np.random.RandomState(seed)
                drawn = [" ".join(map(str, random.permutation(n))) for _ in range(3)]
                print(seed, n, ";".join(drawn), sep=",", file=file)
    sequences = np.random.RandomState(7)
    with open(FOLDER / "dinuc_shuffles.txt", "w") as file:
        for length, letters in ((1, "ACGT"), (2, "ACGT"), (7, "AC"), (50, "ACGTN"), (200, "ACGT"), (1000, "ACGTN")):
            sequence = "".join(sequences.choice(list(letters), length))
            shuffles = dinuc_shuffles(sequence, 3, np.random.RandomState(42 + length))
            print(42 + length, sequence, *shuffles, sep=",", file=file)


if __name__ == "__main__":
    main()
