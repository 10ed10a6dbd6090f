# Shared by the experiments: builds if need be and starts one.
# shellcheck shell=bash

# run_experiment NAME OPTIONS...: the papers' networks and data come from DEEPLIFT_SHARED (default: shared beside the project)
# where that folder is; otherwise the project's own serve.
run_experiment() {
  local name=$1
  shift
  find_java
  ensure_built
  set_java_options
  engine_java -Dorg.slf4j.simpleLogger.log.org.deepliftspark.engine.backend=warn org.deepliftspark.job.experiment.Experiments "$name" "${DEEPLIFT_SHARED:-$root/../shared}" "$root/scripts/experiments/data" "$@"
}
