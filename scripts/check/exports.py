"""Opens what `scripts/deeplift export` wrote with numpy, h5py and pyBigWig and holds it against the score table.

usage: python scripts/check/exports.py SCORES FOLDER

FOLDER holds what the commands of docs/after-scoring.md write: modisco/, bpnet/, chrombpnet/, finemo/, scores.bw and
scores.bedgraph; what is absent is said and passed over. Needs numpy, pandas and pyarrow, and what it checks needs h5py
and pyBigWig (Debian: python3-pybigwig).
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd


def scores_of(folder):
    table = pd.read_parquet(folder).sort_values("id").reset_index(drop=True)
    assert table["target"].nunique() == 1, "one target, please"
    return table


def one_hot(sequences):
    letters = np.stack([np.frombuffer(s.upper().encode(), dtype=np.uint8) for s in sequences])
    return (letters[:, None, :] == np.frombuffer(b"ACGT", dtype=np.uint8)[None, :, None]).astype(np.float32)


def expected(table):
    """One-hot sequences and hypothetical contributions, [N, 4, length], of the rows without unknown bases."""
    table = table[~table["sequence"].str.upper().str.contains("[^ACGT]")]
    length = len(table["sequence"].iloc[0])
    hypothetical = np.stack(table["hypothetical"]).reshape(-1, length, 4).transpose(0, 2, 1)
    return table, one_hot(table["sequence"]), hypothetical


def ids(folder, table):
    bed, tsv = folder / "rows.bed", folder / "rows.tsv"
    names = pd.read_csv(bed, sep="\t", header=None)[3] if bed.exists() else pd.read_csv(tsv, sep="\t")["id"]
    assert list(names.astype(str)) == list(table["id"]), "order of the rows"


def check_modisco(folder, table):
    table, ohe, hyp = expected(table)
    with np.load(folder / "ohe.npz") as file:
        np.testing.assert_array_equal(file["arr_0"], ohe)
    with np.load(folder / "hyp.npz") as file:
        found = file["arr_0"]
    np.testing.assert_allclose(found, hyp, rtol=1e-3 if found.dtype == np.float16 else 0, atol=1e-7)
    ids(folder, table)
    return found.shape


def check_bpnet(folder, table):
    import h5py

    table, ohe, hyp = expected(table)
    with h5py.File(folder / "scores.h5") as file:
        np.testing.assert_array_equal(file["input_seqs"][:], ohe.transpose(0, 2, 1))
        np.testing.assert_array_equal(file["hyp_scores"][:], hyp.transpose(0, 2, 1))
        ids(folder, table)
        return file["hyp_scores"].shape


def check_chrombpnet(folder, table):
    import h5py

    table, ohe, hyp = expected(table)
    with h5py.File(folder / "scores.h5") as file:
        np.testing.assert_array_equal(file["raw/seq"][:], ohe)
        assert file["raw/seq"].dtype == np.int8 and file["shap/seq"].dtype == np.float16
        np.testing.assert_array_equal(file["shap/seq"][:], hyp.astype(np.float16))
        np.testing.assert_array_equal(file["projected_shap/seq"][:], (hyp * ohe).astype(np.float16))
        ids(folder, table)
        return file["shap/seq"].shape


def check_finemo(folder, table):
    table, ohe, hyp = expected(table)
    with np.load(folder / "regions.npz") as file:
        np.testing.assert_array_equal(file["sequences"], ohe)
        assert file["sequences"].dtype == np.int8
        np.testing.assert_array_equal(file["contributions"], hyp.astype(np.float16))
        if table["chrom"].notna().all():
            np.testing.assert_array_equal(file["chr"], table["chrom"].to_numpy().astype("U"))
            np.testing.assert_array_equal(file["peak_region_start"], table["start"])
            np.testing.assert_array_equal(file["peak_name"], table["id"].to_numpy().astype("U"))
        ids(folder, table)
        return file["contributions"].shape


def genome(table):
    """Per chromosome the number at every position, NaN where there is none; the nearest middle wins."""
    tracks = {}
    for chrom, rows in table[table["chrom"].notna()].groupby("chrom"):
        track = np.full(rows["end"].max(), np.nan, dtype=np.float32)
        distance = np.full(len(track), np.inf)
        for row in rows.sort_values(["start", "end", "id"]).itertuples():
            numbers = np.asarray(row.contributions, dtype=np.float32)
            numbers = numbers[::-1] if row.strand == "-" else numbers
            here = np.abs(np.arange(row.start, row.end) + 0.5 - (row.start + row.end) / 2)
            nearer = here < distance[row.start : row.end]
            track[row.start : row.end][nearer] = numbers[nearer]
            distance[row.start : row.end][nearer] = here[nearer]
        tracks[chrom] = track
    return tracks


def check_bigwig(file, table):
    import pyBigWig

    tracks = genome(table)
    with_track = pyBigWig.open(str(file))
    assert set(with_track.chroms()) == set(tracks), "chromosomes"
    positions = 0
    for chrom, track in tracks.items():
        found = with_track.values(chrom, 0, len(track), numpy=True)
        np.testing.assert_array_equal(found, track)
        positions += np.isfinite(track).sum()
        # From the summaries, at ends of bins of 40,960 positions, where they have to agree with the numbers.
        bins = len(track) // 40960
        if bins:
            span = bins * 40960
            for kind, of in (("mean", np.nanmean), ("max", np.nanmax), ("min", np.nanmin)):
                stats = with_track.stats(chrom, 0, span, type=kind, nBins=bins, exact=False)
                for bin, number in enumerate(stats):
                    part = track[bin * 40960 : (bin + 1) * 40960]
                    if np.isfinite(part).any():
                        np.testing.assert_allclose(number, of(part.astype(np.float64)), rtol=2e-4, atol=2e-6)
                    else:
                        assert number is None or number == 0, (chrom, bin, number)
    header = with_track.header()
    everything = np.concatenate([t[np.isfinite(t)] for t in tracks.values()]).astype(np.float64)
    assert header["nBasesCovered"] == positions
    np.testing.assert_allclose(header["sumData"], int(everything.sum()), atol=1)
    return f"{positions} positions, {header['nLevels']} zoom levels"


def check_bedgraph(file, table):
    tracks = genome(table)
    for line in pd.read_csv(file, sep="\t", header=None).itertuples():
        np.testing.assert_array_equal(tracks[line[1]][line[2] : line[3]], np.float32(line[4]))
        tracks[line[1]][line[2] : line[3]] = np.nan
    assert all(np.isnan(track).all() for track in tracks.values()), "positions are missing"
    return "every position"


CHECKS = {
    "modisco": check_modisco,
    "bpnet": check_bpnet,
    "chrombpnet": check_chrombpnet,
    "finemo": check_finemo,
    "scores.bw": check_bigwig,
    "scores.bedgraph": check_bedgraph,
}


def main():
    table = scores_of(sys.argv[1])
    folder = Path(sys.argv[2])
    for name, check in CHECKS.items():
        if (folder / name).exists():
            print(f"{name}: {check(folder / name, table)}")
        else:
            print(f"{name}: not there, not checked")


if __name__ == "__main__":
    main()
