/**
 * Goal: whole days of the reference mill in virtual time, over several seeds, with progress
 * (`npm run day -- --hours 24 --seeds 3 --faults 3 [--seed 1]`). Ends with 1 when a day broke what
 * must always hold. Ctrl-C ends the day that runs with the report of what has passed of it.
 */
import { parseArgs } from 'node:util';
import { DayRun } from '../support/day/day-run.ts';
import { agrees } from '../support/day/ingredients.ts';
import { hourLine, report, stopWords } from '../support/day/report.ts';

const { values } = parseArgs({
  options: {
    hours: { type: 'string', default: '24' },
    seeds: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '3' },
  },
});

const ended = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => ended.abort());

let isBroken = false;
for (let place = 0; place < Number(values.seeds) && !ended.signal.aborted; place += 1) {
  const day = await DayRun.run({
    hours: Number(values.hours),
    seed: Number(values.seed) + place,
    faultsPerHour: Number(values.faults),
    signal: ended.signal,
    progress: (hour, one) => console.log(hourLine(hour, one)),
  });
  console.log(report(day).join('\n'));
  const { interlocks, mass, starved } = day.watch;
  const nameless = stopWords(day).filter((words) => words.endsWith('NO REASON'));
  const differing = day.ingredients.filter((one) => !agrees(one));
  const faults = [interlocks.count, mass.count, starved.count, nameless.length, differing.length];
  isBroken ||= faults.some((count) => count > 0);
  await day.running.stop();
}
process.exitCode = isBroken ? 1 : 0;
