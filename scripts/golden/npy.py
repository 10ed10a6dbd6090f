#!/usr/bin/env python3
"""Writes the .npy fixtures of engine/src/test/resources/npy (made with NumPy 2.4.6).

Every array holds 0.0, 1.0, 2.0, ... (signed types: minus 5) in row-major order, shape (3, 4, 2) unless its name says otherwise.
Run from the project root: python3 scripts/golden/npy.py
"""

from pathlib import Path

import numpy as np

FOLDER = Path("engine/src/test/resources/npy")
SHAPE = (3, 4, 2)


def numbers(code, shape=SHAPE):
    values = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    return (values if code[0] in "ub" else values - 5).astype(code)


def save(name, array, version=(1, 0)):
    with open(FOLDER / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    for code in ("i1", "u1", "b1"):
        save(code, numbers(code))
    for code in ("i2", "u2", "i4", "u4", "i8", "u8", "f2", "f4", "f8"):
        save(f"{code}_little", numbers(code).astype("<" + code))
        save(f"{code}_big", numbers(code).astype(">" + code))
    for code in ("f4", "f8", "u1"):
        save(f"{code}_fortran", np.asfortranarray(numbers(code)))
    save("f4_version2", numbers("f4"), (2, 0))
    save("f4_version3", numbers("f4"), (3, 0))
    save("f4_vector", numbers("f4", (5,)))
    save("f4_number", numbers("f4", ()))
    save("f4_empty", numbers("f4", (0, 3)))
    save("f2_special", np.array([0.0, -0.0, 1.5, -2.0, 65504, 6e-8, 6.1e-5, 0.1, np.inf, -np.inf, np.nan], "f2"))
    save("u8_special", np.array([0, 2**63, 2**64 - 1], "u8"))
    save("c8_unsupported", numbers("f4").astype("c8"))
    save("structured_unsupported", np.zeros(3, [("a", "f4"), ("b", "i4")]))
    save("text_unsupported", np.array(["ACGT", "GATTACA"]))


if __name__ == "__main__":
    main()
