#!/usr/bin/env bash
# Runs everything that must hold, from a fresh clone and nothing but Python 3.11 or newer:
#
#     bash tests/run.sh
#
# Makes .venv in the checkout, installs into it, checks style, types and layering, builds the wheel and runs the demo
# from it elsewhere, and runs all tests. PYTHON names another interpreter. Exit 0 only if all of it holds.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
checkout=$PWD
constraints=$checkout/constraints.txt
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

failed=()
step() {
  local name=$1
  shift
  echo "== $name"
  "$@" </dev/null || failed+=("$name")
}

recent_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "landready needs Python 3.11 or newer." >&2
  return 1
}

install() {
  local python
  python=$(recent_python) || return 1
  "$python" -m venv .venv && .venv/bin/python -m pip install --quiet -c "$constraints" -e ".[test]" </dev/null
}

# The browser tests need Chromium. It can be installed by root on Debian and its kin; others are told what did not run.
chromium_there() { command -v chromium || command -v chromium-browser; }
chromium() {
  chromium_there >/dev/null && return
  if [ "$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null
  fi
  chromium_there >/dev/null && return
  echo "Chromium is not installed: the tests under tests/browser do not run."
  [ "${CI:-}" != true ]
}

wheel() {
  local away wheels
  away=$(mktemp -d) || return 1
  # As a user gets it: the wheel is built from the source archive, installed and run outside the checkout.
  .venv/bin/python -m build --no-isolation --outdir "$away/dist" >"$away/build.log" 2>&1 || { cat "$away/build.log"; return 1; }
  wheels=("$away"/dist/*.whl)
  (
    cd "$away" &&
      "$checkout/.venv/bin/python" -m venv venv &&
      venv/bin/python -m pip install --quiet -c "$constraints" "${wheels[0]}" &&
      venv/bin/landready demo --out demo &&
      ls demo/*.html
  )
  local status=$?
  rm -rf "$away"
  return $status
}

install || exit 1
step "Chromium" chromium
step "ruff check" .venv/bin/ruff check .
step "ruff format" .venv/bin/ruff format --check .
step "mypy" .venv/bin/mypy
step "import-linter" .venv/bin/lint-imports
step "docs" .venv/bin/python -m sphinx -W --keep-going -q -b html docs build/docs
step "wheel" wheel
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
fi
echo "== pytest"
.venv/bin/python -m pytest -n 2 </dev/null || failed+=("pytest")
[ ${#failed[@]} -eq 0 ]
