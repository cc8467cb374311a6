/** The command line `mizan`. */

import { readConfig } from '../platform/config/index.ts';
import { compose } from './compose.ts';

const config = readConfig(process.env);
if (!config.ok) {
  for (const problem of config.refusal) console.error(problem.message);
  process.exit(2);
}
const mizan = await compose(config.value);
const address = await mizan.server.listen({ host: config.value.host, port: config.value.port });
console.log(`Mizan is ready: ${address}`);
