#!/bin/sh
# Ends with 0 while this machine's Mizan can serve requests; for the health check of a container.
set -eu
self=$(readlink -f "$0")
home=${self%/bin/mizan-healthy}
if [ -d "$home/node/lib" ]; then
  LD_LIBRARY_PATH="$home/node/lib"
  export LD_LIBRARY_PATH
fi
exec "$home/node/bin/node" -e "fetch('http://127.0.0.1:' + (process.env.PORT || 8080) + '/health/ready', { signal: AbortSignal.timeout(4000) }).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
