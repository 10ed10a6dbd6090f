"""Writes spark-job/src/main/resources/demo/motifs.meme: well-known motifs as probabilities made of their published consensus sequences.

usage: python scripts/examples/example_motifs.py > spark-job/src/main/resources/demo/motifs.meme

The numbers are ours: a letter of the consensus has 0.91, those of an IUPAC code share 0.94. For real work take a
collection that was counted on binding sites, such as JASPAR (https://jaspar.elixir.no) or HOCOMOCO.
"""

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip

CONSENSUS = {
    "GATA1": "NWGATAARNN",
    "TAL1": "NNNCAGATGGNN",
    "AP1": "RTGASTCAY",
    "CREB1": "TGACGTCA",
    "CTCF": "NCCASYAGRKGGCRS",
    "E2F": "TTTSGCGC",
    "EGR1": "GCGTGGGCG",
    "ETS": "ACCGGAAGTR",
    "FOXA": "TRTTTACWY",
    "HNF1": "GTTAATNATTAAC",
    "HNF4": "RGGNCAAAGTCCA",
    "IRF": "GAAASYGAAASY",
    "KLF4": "GGGYGTGGC",
    "MEF2": "CTAWWWWTAG",
    "MYC": "NCCACGTGN",
    "MYOD": "CAGCTGYY",
    "NFKB": "GGGRNWTYCC",
    "NFY": "NNCCAATSR",
    "NRF1": "YGCGCATGCGCR",
    "OCT4": "WTATGCAAAT",
    "P53": "RRRCATGYYYRRRCATGYYY",
    "PAX6": "TTCACGCWTSA",
    "REST": "NTYAGMRCCNNRGMSAG",
    "RUNX": "WAACCACAR",
    "SOX2": "CCWTTGTYN",
    "SP1": "GGGGCGGGGC",
    "SRF": "CCATATWAGG",
    "STAT": "TTCYNRGAA",
    "TBP": "STATAAAWR",
    "TEAD": "NRCATTCCWN",
    "YY1": "AAGATGGCGGC",
    "ZEB": "CAGGTGNN",
}


def column(code):
    letters = IUPAC[code]
    if len(letters) == 4:
        return [0.25] * 4
    inside = 0.91 if len(letters) == 1 else 0.94
    return [inside / len(letters) if a in letters else (1 - inside) / (4 - len(letters)) for a in "ACGT"]


def main():
    print("MEME version 4\n\nALPHABET= ACGT\n\nstrands: + -\n")
    print("Background letter frequencies\nA 0.25 C 0.25 G 0.25 T 0.25\n")
    for name, consensus in CONSENSUS.items():
        print(f"MOTIF {name}")
        print(f"letter-probability matrix: alength= 4 w= {len(consensus)} nsites= 100")
        for code in consensus:
            print(" ".join(f"{p:.6f}" for p in column(code)))
        print()


if __name__ == "__main__":
    main()
