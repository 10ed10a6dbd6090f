#!/bin/sh
# Tells Spark the GPUs of a machine, as one line of JSON; for spark.executor.resource.gpu.discoveryScript, and on a
# standalone worker spark.worker.resource.gpu.discoveryScript. Gives indices, which is what the job's backends take.
# On a machine without GPUs it fails, and with it the start of the executor that was promised one.
set -eu
indices=$(nvidia-smi --query-gpu=index --format=csv,noheader)
[ -n "$indices" ] || { echo "gpu-discovery: nvidia-smi found no GPU" >&2; exit 1; }
printf '{"name": "gpu", "addresses": ["%s"]}\n' "$(printf '%s\n' "$indices" | paste -s -d ',' - | sed 's/, */", "/g')"
