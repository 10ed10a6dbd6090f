"""Reads the Parquet that `scripts/deeplift score` writes, in four ways, and checks that they agree.

usage: python scripts/examples/read_scores.py OUTPUT

Needs numpy and pyarrow, pandas, duckdb.
"""

import sys

import duckdb
import numpy as np
import pandas as pd
import pyarrow.dataset


def with_pandas(output):
    scores = pd.read_parquet(output)  # skips _deeplift/
    shape = scores["shape"].iloc[0]
    contributions = np.stack(scores["contributions"]).reshape(-1, *shape)
    return scores, contributions


def with_pyarrow(output):
    dataset = pyarrow.dataset.dataset(output)  # skips _deeplift/
    table = dataset.to_table(columns=["id", "contributions"], filter=pyarrow.dataset.field("target") == "0")
    flat = table["contributions"].combine_chunks().flatten().to_numpy()
    return table["id"].to_pylist(), flat.reshape(len(table), -1)


def with_duckdb(output):
    return duckdb.sql(
        f"""
        SELECT id, sequence, prediction, list_max(contributions) AS strongest,
               list_position(contributions, list_max(contributions)) AS position
        FROM read_parquet('{output}/*.parquet')
        ORDER BY abs(convergence_delta) DESC
        """
    ).df()


def hypothetical_for_modisco(output, folder):
    scores = pd.read_parquet(output, columns=["id", "sequence", "hypothetical"]).sort_values("id")
    length = len(scores["sequence"].iloc[0])
    hypothetical = np.stack(scores["hypothetical"]).reshape(-1, length, 4)
    letters = np.stack([np.frombuffer(s.encode(), dtype=np.uint8) for s in scores["sequence"]])
    one_hot = (letters[..., None] == np.frombuffer(b"ACGT", dtype=np.uint8)).astype(np.float32)
    np.savez(f"{folder}/hypothetical.npz", hypothetical.transpose(0, 2, 1))  # [N, 4, length]
    np.savez(f"{folder}/sequences.npz", one_hot.transpose(0, 2, 1))


def main():
    output = sys.argv[1]
    scores, contributions = with_pandas(output)
    first = scores[scores["target"] == "0"].sort_values("id")
    ids, flat = with_pyarrow(output)
    order = np.argsort(ids)
    np.testing.assert_array_equal([ids[i] for i in order], first["id"])
    np.testing.assert_array_equal(flat[order], np.stack(first["contributions"]))
    table = with_duckdb(output)
    assert len(table) == len(scores)
    np.testing.assert_allclose(table["strongest"].max(), contributions.max(), rtol=1e-6)
    print(f"{len(scores)} rows, contributions {contributions.shape}; pandas, pyarrow and duckdb agree")
    if "hypothetical" in scores:
        hypothetical_for_modisco(output, ".")
        print("wrote hypothetical.npz and sequences.npz")


if __name__ == "__main__":
    main()
