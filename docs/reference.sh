#!/usr/bin/env bash
# Writes the reference of the public API as web pages. docfx is a tool of .NET, which needs a package registry when this first runs.
set -euo pipefail
cd "$(dirname "$0")/.."

dotnet build src/Runtime -c Release --nologo
dotnet tool restore
dotnet docfx docs/docfx.json
echo "The reference begins at artifacts/reference/site/api/SparseSharp.html."
