"""Reads the Parquet that `scripts/deeplift score` writes, in several ways, and checks that they agree.

usage: python scripts/examples/read_scores.py OUTPUT

Needs numpy and pyarrow, pandas, polars, duckdb.
"""

import sys

import duckdb
import numpy as np
import pandas as pd
import polars as pl
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


def with_polars(output):
    scores = pl.read_parquet(f"{output}/*.parquet")
    length = scores["shape"][0][0]
    contributions = scores["contributions"].list.to_array(length).to_numpy()  # [rows, length]
    return scores["id"].to_list(), contributions


def positions(output):
    duckdb.sql(
        f"""
        CREATE OR REPLACE VIEW positions AS
        SELECT id, target, position, substr(sequence, position + 1, 1) AS base,
               contributions[position + 1] AS contribution, chrom,
               CASE WHEN strand = '-' THEN "end" - 1 - position ELSE "start" + position END AS chrom_position
        FROM (SELECT *, unnest(range(len(contributions))) AS position FROM read_parquet('{output}/*.parquet'))
        """
    )
    return duckdb.sql("SELECT count(*), sum(contribution) FROM positions").fetchone()


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
    names, numbers = with_polars(output)
    np.testing.assert_array_equal(numbers[np.argsort(names)], np.stack(scores.sort_values("id")["contributions"]))
    count, total = positions(output)
    assert count == contributions.size
    np.testing.assert_allclose(total, contributions.sum(dtype=np.float64), rtol=1e-6)
    print(f"{len(scores)} rows, contributions {contributions.shape}; pandas, pyarrow, Polars and duckdb agree")


if __name__ == "__main__":
    main()
