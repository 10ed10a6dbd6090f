"""Simulates the TAL1/GATA1 sequences of the DeepLIFT paper (Shrikumar et al., ICML 2017, section 4.2).

A sequence has 200 bases drawn with 40 % GC. A quarter of the sequences holds both motifs, a quarter GATA1 alone, a
quarter TAL1 alone, a quarter none; a motif that is present is planted one to three times, at random places that do not
overlap. The three tasks are: both motifs present, GATA1 present, TAL1 present.

The motifs are position weight matrices in the likeness of the published consensus sequences, (A/T)GATA(A/G) and the
E-box CAGATG, with numbers of our own.
"""

from dataclasses import dataclass

import numpy as np

ALPHABET = "ACGT"
LENGTH = 200
BACKGROUND = np.array([0.3, 0.2, 0.2, 0.3])
MAX_INSTANCES = 3
TASKS = ("both motifs", "GATA1", "TAL1")

# Rows are positions, columns A, C, G, T.
MOTIFS = {
    "GATA1": np.array(
        [
            [0.10, 0.50, 0.25, 0.15],
            [0.08, 0.22, 0.10, 0.60],
            [0.62, 0.03, 0.03, 0.32],
            [0.01, 0.01, 0.97, 0.01],
            [0.97, 0.01, 0.01, 0.01],
            [0.01, 0.01, 0.01, 0.97],
            [0.97, 0.01, 0.01, 0.01],
            [0.83, 0.02, 0.13, 0.02],
            [0.12, 0.05, 0.78, 0.05],
            [0.20, 0.20, 0.50, 0.10],
        ]
    ),
    "TAL1": np.array(
        [
            [0.15, 0.25, 0.45, 0.15],
            [0.15, 0.50, 0.25, 0.10],
            [0.15, 0.60, 0.15, 0.10],
            [0.02, 0.94, 0.02, 0.02],
            [0.95, 0.01, 0.03, 0.01],
            [0.02, 0.06, 0.90, 0.02],
            [0.88, 0.08, 0.02, 0.02],
            [0.01, 0.01, 0.02, 0.96],
            [0.02, 0.02, 0.94, 0.02],
            [0.10, 0.10, 0.65, 0.15],
            [0.10, 0.20, 0.15, 0.55],
            [0.15, 0.45, 0.25, 0.15],
        ]
    ),
}


@dataclass(frozen=True)
class Planted:
    """One planted motif: 0-based start, end exclusive."""

    motif: str
    start: int
    end: int

    def __str__(self):
        return f"{self.motif}@{self.start + 1}-{self.end}"


@dataclass(frozen=True)
class Sequence:
    bases: str
    planted: tuple[Planted, ...]

    @property
    def labels(self):
        motifs = {site.motif for site in self.planted}
        return np.array([motifs == set(MOTIFS), "GATA1" in motifs, "TAL1" in motifs], dtype=np.float32)


def simulate(count, rng):
    """Returns `count` sequences; the four classes take turns."""
    classes = [("GATA1", "TAL1"), ("GATA1",), ("TAL1",), ()]
    return [simulate_one(classes[i % len(classes)], rng) for i in range(count)]


def simulate_one(motifs, rng):
    bases = rng.choice(len(ALPHABET), size=LENGTH, p=BACKGROUND)
    wanted = [motif for motif in motifs for _ in range(rng.integers(1, MAX_INSTANCES + 1))]
    planted = []
    for motif in wanted:
        site = free_site(motif, planted, rng)
        bases[site.start : site.end] = [rng.choice(len(ALPHABET), p=row / row.sum()) for row in MOTIFS[motif]]
        planted.append(site)
    return Sequence("".join(ALPHABET[base] for base in bases), tuple(sorted(planted, key=lambda site: site.start)))


def free_site(motif, taken, rng):
    width = len(MOTIFS[motif])
    while True:
        start = int(rng.integers(0, LENGTH - width + 1))
        if all(start + width <= site.start or site.end <= start for site in taken):
            return Planted(motif, start, start + width)


def one_hot(bases):
    """Returns `[length, 4]` float32; a letter outside ACGT gives a row of zeros."""
    return (np.frombuffer(bases.encode(), dtype=np.uint8)[:, None] == np.frombuffer(ALPHABET.encode(), dtype=np.uint8)).astype(np.float32)


def arrays(sequences):
    return np.stack([one_hot(s.bases) for s in sequences]), np.stack([s.labels for s in sequences])


def write_fasta(sequences, path):
    with open(path, "w", encoding="ascii") as out:
        for number, sequence in enumerate(sequences, start=1):
            out.write(" ".join([f">seq{number}", *map(str, sequence.planted)]) + "\n" + sequence.bases + "\n")
