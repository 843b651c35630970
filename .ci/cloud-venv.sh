#!/usr/bin/env bash
# Makes the virtual environment that `npm run test:cloud` runs MiniStack and moto from, or leaves one that is as
# .ci/cloud-requirements.txt says. Where no package index can be reached there is none, and it is said; the tests are
# skipped then, since .ci/.venv-cloud/installed.txt is not there.
set -euo pipefail
cd "$(dirname "$0")/.."
venv=.ci/.venv-cloud
wanted=.ci/cloud-requirements.txt
cmp -s $wanted $venv/installed.txt && exit 0
rm -rf $venv
if python3 -m venv $venv && $venv/bin/pip install --quiet --no-compile --disable-pip-version-check --requirement $wanted; then
  cp $wanted $venv/installed.txt
else
  echo 'NOT TESTED: MiniStack and moto could not be installed, so npm run test:cloud deploys nothing' >&2
fi
