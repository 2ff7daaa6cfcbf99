// Runs one TypeScript program of this project with the Node that comes with its packages.
import { ensureInstalled, node24, run } from './install.mjs';

await ensureInstalled();
process.exitCode = await run(node24, process.argv.slice(2));
