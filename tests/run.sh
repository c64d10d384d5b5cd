#!/usr/bin/env bash
# Runs everything that must hold, from a fresh clone and nothing but Python 3.11 or newer:
#
#     bash tests/run.sh
#
# Makes .venv in the checkout, installs into it, checks style, types and layering, builds the wheel and runs the demo
# from it elsewhere, and runs all tests; then runs them with the lowest versions that pyproject.toml declares, and with
# the newest Python there is. Exit 0 only if all of it holds. PYTHON names another interpreter. ONLY_HERE=true leaves
# out the lowest versions and the newest Python, and says so; with CI=true nothing is left out.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
checkout=$PWD
constraints=$checkout/constraints.txt
unset PYTHONPATH
export PIP_DISABLE_PIP_VERSION_CHECK=1

failed=()
step() {
  local name=$1 begun=$SECONDS
  shift
  echo "== $name"
  "$@" </dev/null || failed+=("$name")
  echo "   $((SECONDS - begun)) s"
}

# Prints 3013 for a released Python 3.13 that can make environments, and fails for what is not one or does not start.
minor_version() {
  "$1" -c 'import sys, ensurepip, venv
major, minor, _, level, _ = sys.version_info
print(1000 * major + minor) if level == "final" else sys.exit(1)' 2>/dev/null
}

recent_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python}; do
    if [ "$(minor_version "$candidate" || echo 0)" -ge 3011 ]; then
      echo "$candidate"
      return
    fi
  done
  echo "landready needs Python 3.11 or newer." >&2
  return 1
}

# The newest Python: on the path, or kept by pyenv, whose commands on the path start only for the version in use.
newest_python() {
  local candidate version newest newest_version=0
  for candidate in $(compgen -c python3. | grep -xE 'python3\.[0-9]+') "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python; do
    if version=$(minor_version "$candidate") && [ "$version" -gt "$newest_version" ]; then
      newest=$candidate newest_version=$version
    fi
  done
  echo "${newest:-}"
}

# environment FOLDER PYTHON CONSTRAINTS [EXTRAS]
environment() { "$2" -m venv "$1" && "$1/bin/python" -m pip install --quiet -c "$3" -e ".[${4:-test}]"; }

install() {
  local python
  python=$(recent_python) || return 1
  environment .venv "$python" "$constraints" test,benchmarks
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

# tests_in FOLDER PYTHON CONSTRAINTS: the tests in an environment made anew, so that nothing that an earlier run or another
# Python left there helps. Without those of the browser, the notebooks and the documentation: they take long, and try
# scripts and texts that are the same in every environment; the functions behind them are tried by the rest. Nor are
# those marked `once`, such as thousands of damaged files, tried again.
tests_in() {
  rm -rf "$1" && environment "$@" &&
    "$1/bin/python" -m pytest -n 2 --ignore=tests/browser --ignore=tests/notebooks --ignore=tests/docs -m "not once"
}

lowest_versions() { tests_in .venv-lowest .venv/bin/python "$checkout/constraints-lowest.txt"; }

newest() {
  local python here
  python=$(newest_python)
  here=$(minor_version .venv/bin/python)
  if [ -z "$python" ] || [ "$(minor_version "$python")" -le "$here" ]; then
    echo "SKIPPED: this machine has no Python newer than $(.venv/bin/python --version), which ran the tests above."
    return
  fi
  "$python" --version
  tests_in .venv-newest "$python" "$constraints"
}

step "install" install
[ ${#failed[@]} -eq 0 ] || exit 1
step "Chromium" chromium
step "ruff check" .venv/bin/ruff check .
step "ruff format" .venv/bin/ruff format --check .
step "mypy" .venv/bin/mypy
step "import-linter" .venv/bin/lint-imports
step "docs" .venv/bin/python -m sphinx -W --keep-going -q -b html docs build/docs
step "wheel" wheel
step "pytest" .venv/bin/python -m pytest -n 2
if [ "${ONLY_HERE:-}" = true ] && [ "${CI:-}" != true ]; then
  echo "LEFT OUT, as ONLY_HERE=true asks: pytest with the lowest versions, pytest with the newest Python."
else
  step "pytest, lowest versions" lowest_versions
  step "pytest, newest Python" newest
fi
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
fi
[ ${#failed[@]} -eq 0 ]
