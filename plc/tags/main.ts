import { realClock } from '../runtime/clock.ts';
import { runTags } from './tags-command.ts';

/** `npm run tags -- browse | probe | check`: see docs/tag-import.md. */

const clock = realClock();
process.exitCode = await runTags(process.argv.slice(2), {
  clock: {
    nowMs: () => clock.utcMs(),
    setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs),
  },
  environment: process.env,
  print: (text) => process.stdout.write(text),
  say: (text) => process.stderr.write(text),
  isTerminal: process.stderr.isTTY === true,
});
