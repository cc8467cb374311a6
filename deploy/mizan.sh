#!/bin/sh
# Runs the Mizan that this file is part of, on the Node that came with it.
set -eu
self=$(readlink -f "$0")
home=${self%/bin/mizan}
# Only there when the system lacks a library that Node needs (install.sh finds out).
if [ -d "$home/node/lib" ]; then
  LD_LIBRARY_PATH="$home/node/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
  export LD_LIBRARY_PATH
fi
exec "$home/node/bin/node" "$home/app/dist/cli.js" "$@"
