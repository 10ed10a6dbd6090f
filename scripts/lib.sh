# Shared by the scripts beside it: finds Java and Maven, builds when something changed, knows the class paths.
# shellcheck shell=bash disable=SC2034

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
launcher=$root/target/launcher
main_class=org.deepliftspark.job.cli.Main
verbose=${DEEPLIFT_VERBOSE:-}

say() { printf 'deeplift: %s\n' "$*" >&2; }

# die STATUS MESSAGE...: one line, then out.
die() {
  local status=$1
  shift
  say "$*"
  exit "$status"
}

# Sets java and java_home: JAVA_HOME's Java or the one on the PATH, 17 or later.
find_java() {
  if [[ -n ${JAVA_HOME:-} ]]; then
    java=$JAVA_HOME/bin/java
    [[ -x $java ]] || die 2 "JAVA_HOME is $JAVA_HOME, but there is no bin/java in it: set it to a JDK 17 or later, or unset it"
  else
    java=$(command -v java) || die 2 "No java on the PATH: install a JDK 17 or later, or set JAVA_HOME"
  fi
  java_home=$(dirname -- "$(dirname -- "$(readlink -f -- "$java")")")
  local version
  version=$(java_version)
  [[ $version =~ ^[0-9]+$ ]] || die 2 "Cannot tell the version of $java: expected a JDK 17 or later"
  ((version >= 17)) || die 2 "$java is Java $version: expected 17 or later; set JAVA_HOME to a newer JDK"
}

# The major version; the release file of a JDK says it without starting a JVM.
java_version() {
  local line version=
  if [[ -r $java_home/release ]]; then
    while IFS= read -r line; do
      [[ $line == JAVA_VERSION=* ]] && version=${line#JAVA_VERSION=} && break
    done <"$java_home/release"
  fi
  [[ -n $version ]] || version=$("$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p' | head -n 1)
  version=${version//\"/}
  version=${version#1.}
  printf '%s\n' "${version%%[.+-]*}"
}

# Building needs more than running: Maven and a compiler.
check_build_tools() {
  command -v mvn >/dev/null || die 2 "No mvn on the PATH: install Maven 3.8.7 or later (it builds the project on first use)"
  [[ -x $java_home/bin/javac ]] || die 2 "$java_home has no javac: a JDK 17 or later is needed, not only a JRE"
}

# Maven runs on the Java that was found, so that both agree on the version.
maven() { JAVA_HOME=$java_home mvn -B -f "$root/pom.xml" "$@"; }

# random_sequences COUNT LENGTH: FASTA records of random bases, the same ones each time.
random_sequences() {
  awk -v rows="$1" -v bases="$2" 'BEGIN {
    srand(1); split("A C G T", base, " ")
    for (i = 0; i < rows; i++) {
      line = ""
      for (j = 0; j < bases; j++) line = line base[1 + int(4 * rand())]
      printf ">row%d\n%s\n", i, line
    }
  }'
}

# --- build on first use -------------------------------------------------------------------------------------

# Is there no build, or is a pom, a source, a resource or one of their folders newer than it, or has a library gone?
stale() {
  [[ -s $launcher/current ]] || return 0
  local newer jar
  newer=$(find "$root/pom.xml" "$root"/{engine,spark-job}/pom.xml "$root"/{engine,spark-job}/src/main \
    -newer "$launcher/current" -print 2>/dev/null | head -n 1)
  [[ -z $newer ]] || return 0
  local -a jars
  IFS=: read -r -a jars <"$(build_folder)/spark.classpath" || return 0
  for jar in "${jars[@]}"; do
    [[ -e $jar ]] || return 0
  done
  return 1
}

build_folder() { printf '%s/%s\n' "$launcher" "$(<"$launcher/current")"; }

# Builds if need be; sets build to a folder with the jars and the class paths of this build. Two launches at once
# build once, and a launch never touches the jars of one that runs: each build gets a folder of its own.
ensure_built() {
  if stale; then
    mkdir -p "$launcher"
    if command -v flock >/dev/null; then
      exec 9>"$launcher/lock"
      flock 9
    fi
    if stale; then
      build_now
    fi
    exec 9>&-
  fi
  build=$(build_folder)
}

build_now() {
  local id=build.$$ log=$launcher/build.log start=$launcher/start
  local -a goals=(package -DskipTests -Denforcer.skip=true -Dclasspath.skip=false)
  check_build_tools
  : >"$start"
  if [[ -s $launcher/current ]]; then
    say "building again, since sources have changed (log: ${log#"$root"/})"
  else
    say "building; the first time Maven fetches Spark and the numeric libraries (log: ${log#"$root"/})"
  fi
  if [[ -n $verbose ]]; then
    maven "${goals[@]}" 2>&1 9>&- | tee "$log" >&2 || die 1 "the build failed"
  elif ! maven -q "${goals[@]}" >"$log" 2>&1 9>&-; then
    grep -E '^\[ERROR\] .' "$log" | grep -v -E 'Help 1\]|Re-run Maven|full stack trace|read the following|-rf :|can resume' |
      head -n 20 >&2 || true
    die 1 "the build failed (log: $log)"
  fi
  rm -rf "${launcher:?}/$id"
  mkdir -p "$launcher/$id/native"
  cp "$root"/engine/target/engine-*.jar "$launcher/$id/engine.jar"
  cp "$(thin_jar)" "$launcher/$id/spark-job.jar"
  write_class_paths "$launcher/$id"
  extract_onnxruntime "$launcher/$id"
  archive_classes "$launcher/$id"
  printf '%s\n' "$id" >"$launcher/current.new"
  touch -r "$start" "$launcher/current.new"
  local previous=
  [[ -s $launcher/current ]] && previous=$(<"$launcher/current")
  mv -f "$launcher/current.new" "$launcher/current"
  forget_builds "$id" "$previous"
}

thin_jar() {
  local jar
  for jar in "$root"/spark-job/target/spark-job-*.jar; do
    [[ $jar == *-all.jar ]] || printf '%s\n' "$jar"
  done | head -n 1
}

# Programs that still run may hold the previous build.
forget_builds() {
  local folder
  for folder in "$launcher"/build.*/; do
    folder=$(basename -- "$folder")
    [[ $folder == "$1" || $folder == "$2" ]] || rm -rf "${launcher:?}/$folder"
  done
}

# lines FILE...: the entries of class path files, each once.
lines() { awk -F : '{ for (i = 1; i <= NF; i++) if ($i != "" && !seen[$i]++) print $i }' "$@"; }

# What of the job's own needs comes with every Spark; spark-job/pom.xml leaves the same out of the all jar.
spark_supplies='/(slf4j-|jackson-(annotations|core|databind)-|commons-|compress-lzf-|lz4-java-)[^/]*$'

# spark_jars FOLDER: the jars of a Spark without this project, from the class paths that the build wrote to FOLDER.
spark_jars() {
  local bundled
  bundled=$(lines "$1/runtime.classpath" | grep -E -v "$spark_supplies")
  lines "$1/runtime.classpath" "$1/provided.classpath" | grep -v '/slf4j-simple-[^/]*$' | grep -F -x -v "$bundled"
}

# engine.classpath (no Spark), spark.classpath (all of it), job.jars (what spark-submit has to be given),
# cluster.jars (a Spark without this project).
write_class_paths() {
  local to=$1 engine=$root/engine/target job=$root/spark-job/target
  {
    printf '%s\n' "$to/spark-job.jar" "$to/engine.jar"
    lines "$engine/runtime.classpath" "$job/runtime.classpath" | grep -v "^$engine/"
  } | paste -s -d : - >"$to/engine.classpath"
  {
    printf '%s\n' "$to/spark-job.jar" "$to/engine.jar"
    lines "$job/runtime.classpath" "$job/provided.classpath" | grep -v "^$engine/" | grep -v '/slf4j-simple-[^/]*$'
  } | paste -s -d : - >"$to/spark.classpath"
  {
    printf '%s\n' "$to/engine.jar"
    lines "$job/runtime.classpath" | grep -v "^$engine/" | grep -E -v "$spark_supplies"
  } | paste -s -d , - >"$to/job.jars"
  spark_jars "$job" >"$to/cluster.jars"
}

# ONNX Runtime unpacks its libraries at each start unless they lie unpacked already.
extract_onnxruntime() {
  local to=$1 jar
  jar=$(tr ':' '\n' <"$to/engine.classpath" | grep -E '/onnxruntime[^/]*\.jar$' | head -n 1)
  [[ -n $jar && $(uname -s)-$(uname -m) == Linux-x86_64 ]] || return 0
  (cd "$to/native" && "$java_home/bin/jar" xf "$jar" ai/onnxruntime/native/linux-x64) || return 0
  mv "$to"/native/ai/onnxruntime/native/linux-x64/* "$to/native/" && rm -r "$to/native/ai"
}

# Writes the classes that an attribution loads to an archive of the JVM, which halves the CPU time of a start (0.5 s
# instead of 1.0 s). Nothing depends on it: the JVM ignores an archive that does not fit its class path.
archive_classes() {
  local to=$1 build=$1 model=demo/talgata.keras
  (
    cd "$to"
    "$java_home/bin/jar" xf spark-job.jar "$model"
    set_java_options
    engine_java -XX:ArchiveClassesAtExit="$to/classes.jsa" "$main_class" bench --model "$model" --target 0 --references zeros \
      --threads 1 --seconds 0.2
  ) >"$to/archive.log" 2>&1 || rm -f "$to/classes.jsa"
  rm -rf "$to/demo"
}

# --- Java options -------------------------------------------------------------------------------------------

# Bytes of memory that this machine or its container has; nothing where neither says so.
memory_bytes() {
  local key value limit bytes=
  if [[ -r /proc/meminfo ]]; then
    while read -r key value _; do
      [[ $key == MemTotal: ]] && bytes=$((value * 1024)) && break
    done </proc/meminfo
  fi
  for limit in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    if [[ -r $limit ]] && read -r value <"$limit" && [[ $value =~ ^[0-9]+$ && -n $bytes ]] && ((value < bytes)); then
      bytes=$value
    fi
  done
  printf '%s\n' "$bytes"
}

# Sets opens: what Spark opens on JDK 17, from the one list in the parent pom.
read_opens() {
  local line inside=
  opens=()
  while read -r line; do
    [[ $line == '<jdk.opens>'* ]] && inside=1 && line=${line#'<jdk.opens>'}
    [[ -n $inside ]] && opens+=("${line%%'</jdk.opens>'}")
    [[ $line == *'</jdk.opens>' ]] && break
  done <"$root/pom.xml"
}

# Code of Spark's that runs for seconds only is not worth the JVM's optimizing compiler, which would take the cores from
# tasks: what is not a long loop must be used four times as often as by default (decision 0022).
compiler_options=(-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=2400 -XX:Tier4CompileThreshold=60000)

# Sets java_options for a JVM of ours. DEEPLIFT_HEAP is the heap (default: the JVM's quarter of the memory),
# DEEPLIFT_JAVA_OPTS anything else. Native memory does not count as heap: JavaCPP stops it at 90 % of the machine.
set_java_options() {
  local memory
  # The JVM's own warnings belong to stderr; stdout is for results.
  java_options=(-Xlog:disable -Xlog:all=warning:stderr
    -Djava.awt.headless=true -Dfile.encoding=UTF-8 -Dorg.deepliftspark.launcher=true)
  java_options+=("${compiler_options[@]}")
  # A collector that the user names stays the only one: two of them stop the JVM.
  [[ "${DEEPLIFT_JAVA_OPTS:-} ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${_JAVA_OPTIONS:-}" =~ -XX:[+]Use[A-Za-z0-9]+GC ]] ||
    java_options+=(-XX:+UseParallelGC)
  [[ -z ${DEEPLIFT_HEAP:-} ]] || java_options+=("-Xmx$DEEPLIFT_HEAP")
  memory=$(memory_bytes)
  [[ -z $memory ]] || java_options+=("-Dorg.bytedeco.javacpp.maxphysicalbytes=$((memory * 9 / 10))")
  [[ ! -e $build/native/libonnxruntime.so ]] || java_options+=("-Donnxruntime.native.path=$build/native")
  [[ -n ${HOME:-} && -w ${HOME:-} ]] || java_options+=("-Dorg.bytedeco.javacpp.cachedir=$launcher/javacpp")
  local -a more
  read -r -a more <<<"${DEEPLIFT_JAVA_OPTS:-}"
  java_options+=(${more[@]+"${more[@]}"})
  # JDK 17 aborts when its Flight Recorder meets an archive of loaded classes.
  [[ ${DEEPLIFT_JAVA_OPTS:-} != *FlightRecord* ]] || DEEPLIFT_NO_ARCHIVE=1
}

# engine_java OPTIONS... CLASS ARGS...: a JVM with the engine and without Spark. Logs go to stderr whatever the
# simplelogger.properties that jHDF brings says.
engine_java() {
  local -a archive=()
  [[ -n ${DEEPLIFT_NO_ARCHIVE:-} || ! -e $build/classes.jsa ]] || archive=("-XX:SharedArchiveFile=$build/classes.jsa" -Xlog:cds*=off:stderr)
  OMP_NUM_THREADS=${OMP_NUM_THREADS:-1} exec "$java" "${java_options[@]}" ${archive[@]+"${archive[@]}"} \
    -Dorg.slf4j.simpleLogger.logFile=System.err -Dorg.slf4j.simpleLogger.defaultLogLevel=warn \
    -Dorg.slf4j.simpleLogger.log.org.deepliftspark=info \
    -Dorg.slf4j.simpleLogger.showThreadName=false -Dorg.slf4j.simpleLogger.showShortLogName=true \
    -cp "$(<"$build/engine.classpath")${DEEPLIFT_CLASSPATH:+:$DEEPLIFT_CLASSPATH}" "$@"
}

# --- the all jar --------------------------------------------------------------------------------------------

# Is there an all jar, and is no pom, source or resource newer, as right after a run without --spark4?
all_jar_is_new() {
  local jar newer
  jar=$(compgen -G "$root/spark-job/target/spark-job-*-all.jar" | head -n 1) || return 1
  newer=$(find "$root/pom.xml" "$root"/{engine,spark-job}/{pom.xml,src/main} -newer "$jar" -print -quit)
  [[ -z $newer && -e $root/engine/target/classes && -n $(thin_jar) ]]
}

# check_bundle [SUFFIX]: does the all jar of a build (folder target SUFFIX) hold exactly the libraries of
# spark-job/runtime-deps SUFFIX .txt, and nothing that Spark supplies?
check_bundle() {
  local kind=${1:-}
  local target=$root/spark-job/target$kind jar names unexpected
  jar=$(echo "$target"/spark-job-*-all.jar)
  bundled_artifacts "$target/runtime-deps.txt" >"$target/bundled.txt"
  diff -u "$root/spark-job/runtime-deps$kind.txt" "$target/bundled.txt" >&2 ||
    die 1 "the all jar bundles other libraries than spark-job/runtime-deps$kind.txt says: if that is meant, copy ${target#"$root"/}/bundled.txt there"
  diff -u "$root/spark-job/third-party$kind.txt" "$target/third-party.txt" >&2 ||
    die 1 "libraries or licences differ from spark-job/third-party$kind.txt: if that is meant, copy ${target#"$root"/}/third-party.txt there"
  compgen -G "$target/spark-job-*-sbom.json" >/dev/null || die 1 "there is no bill of materials (spark-job-*-sbom.json) in ${target#"$root"/}"
  names=$("$java_home/bin/jar" tf "$jar")
  unexpected=$(grep -E '\.(class|so|dll|dylib)$' <<<"$names" |
    grep -E -v '^(META-INF/versions/[0-9]+/)?(org/(deepliftspark|nd4j|bytedeco|tensorflow)/|tensorflow/|ai/onnxruntime/|onnx/|io/jhdf/|com/jakewharton/byteunits/|net/ericaro/)' |
    head -n 5 || true)
  [[ -z $unexpected ]] || die 1 "the all jar holds what it should not: ${unexpected//$'\n'/, }"
  unexpected=$(grep -E '(windows|macosx|osx-|win-x64|linux-(aarch64|arm|ppc))' <<<"$names" | grep -E '\.(so|dll|dylib)$' | head -n 5 || true)
  [[ -z $unexpected ]] || die 1 "the all jar holds libraries of other platforms: ${unexpected//$'\n'/, }"
  local needed
  for needed in META-INF/services/org.nd4j.linalg.factory.Nd4jBackend META-INF/services/org.deepliftspark.engine.backend.Backend \
    ai/onnxruntime/native/linux-x64/libonnxruntime.so org/bytedeco/openblas/linux-x86_64/libjniopenblas.so \
    org/deepliftspark/engine/DeepLift.class org/deepliftspark/job/DeepLiftJob.class META-INF/LICENSE META-INF/THIRD-PARTY.txt; do
    grep -q -F -x "$needed" <<<"$names" || die 1 "the all jar lacks $needed"
  done
}

# group:artifact[:classifier]:version, sorted, from the output of dependency:list.
bundled_artifacts() {
  sed -n 's/^ *\([^ :]*:[^ :]*\):jar:\(.*\):[a-z]*\( .*\)*$/\1:\2/p' "$1" | LC_ALL=C sort
}

# --- tests --------------------------------------------------------------------------------------------------

# count FOLDER...: the sums of the Surefire reports in these build folders, as one line.
count() {
  find "$@" -path '*/surefire-reports*/TEST-*.xml' -exec grep -h -m 1 '<testsuite ' {} + 2>/dev/null | awk '
    { for (i = 1; i <= NF; i++) if (split($i, pair, /="?|"/) > 1) sum[pair[1]] += pair[2] }
    END { bad = sum["errors"] + sum["failures"]
          printf "%d passed, %d failed, %d skipped\n", sum["tests"] - bad - sum["skipped"], bad, sum["skipped"]
          exit !(sum["tests"] > 0) }' || die 1 "no test was run"
}
