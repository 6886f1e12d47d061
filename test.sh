#!/usr/bin/env bash
# Builds everything and runs all tests, then those of kernels, masks and images again as on processors without AVX-512, without AVX2 and
# without any vectors. The last line sums up all runs. Needs nothing but the .NET SDK.
set -euo pipefail
cd "$(dirname "$0")"

# Summaries are read from the result files, which are the same in every language; the rest is for people.
results=artifacts/tests
rm -rf "$results"
mkdir -p "$results"
failed_runs=0

# count ATTRIBUTE NAME: its sum over the result files of a run, as in <Counters total="7" executed="7" passed="7" failed="0" ... />.
count() {
    cat "$results/$2"*.trx 2> /dev/null | grep -o '<Counters [^>]*' | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }' || true
}

# run NAME ARGUMENTS...: one run of dotnet test. One that fails, or finds no test, does not keep the others from running.
run() {
    local name=$1
    shift
    echo "== $name"
    if ! dotnet test "$@" -c Release --no-build --nologo --logger "trx;LogFilePrefix=$name" --results-directory "$results" \
        || [ "$(count total "$name")" -eq 0 ]; then
        echo "$name: FAILED"
        failed_runs=$((failed_runs + 1))
    fi
}

dotnet build Generator.sln -c Release --nologo

run all Generator.sln

narrow() {
    local name=$1 switch=$2 kernels=$3
    run "$name-kernels" tests/Models.Tests --filter "$kernels" -e "$switch=0"
    run "$name-masks" tests/Runtime.Tests --filter "FullyQualifiedName~.Masks.|FullyQualifiedName~.Images." -e "$switch=0"
}
narrow avx2 DOTNET_EnableAVX512 "Category=Kernels"
narrow 128-bit DOTNET_EnableAVX2 "Category=Kernels"
narrow scalar DOTNET_EnableHWIntrinsic "Category=Kernels"

total=$(count total "")
passed=$(count passed "")
skipped=$((total - $(count executed "")))
failed=$((total - passed - skipped))
# A run may also fail without a failed test, for example because its process ended.
if [ "$failed" -eq 0 ]; then
    failed=$failed_runs
fi

# The names once more at the end, where they are found without scrolling.
cat "$results"/*.trx 2> /dev/null | grep -o '<UnitTestResult [^>]* outcome="Failed"' | sed 's/.* testName="\([^"]*\)".*/failed: \1/' || true

if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
else
    echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
