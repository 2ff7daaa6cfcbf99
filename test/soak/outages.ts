/**
 * Goal: outages of device servers and of the lines to them, at random and for as long as wanted
 * (`npm run soak -- [rounds] [seed]`): stale within 5 s, good within 5 s, nothing piles up.
 */
import type { Chance } from '../../simulators/process/chance.ts';
import { uniform } from '../../simulators/process/chance.ts';
import type { OutageKind, OutagePlan } from '../support/outages/outage.ts';
import { kindsFor } from '../support/outages/outage.ts';
import { growthOf, printRounds, printSummary } from '../support/outages/report.ts';
import type { Batch } from '../support/outages/rounds.ts';
import { runBatch } from '../support/outages/rounds.ts';
import type { Line } from '../support/outages/stand.ts';
import { Stand } from '../support/outages/stand.ts';

/** Lines of each protocol; in every batch one line of each is left in peace and watched. */
const LINES_OF_EACH = 4;
const FOR_MS_MIN = 6_000;
const FOR_MS_MAX = 60_000;
/** What the heap may grow from the first third of the batches to the last, MB. */
const HEAP_GROWTH_MB_MAX = 5;

const rounds = Number(process.argv[2] ?? 50);
const seed = Number(process.argv[3] ?? Date.now() % 1_000_000);
const chance: Chance = { seed };
let value = 100;

function draw<T>(list: readonly T[]): T {
  const drawn = list[Math.floor(uniform(chance) * list.length)];
  if (drawn === undefined) throw new RangeError('there is nothing to draw from');
  return drawn;
}

/** Kinds still to come, by protocol: drawn without laying back, so that each has its turn. */
const decks: Record<Line['kind'], OutageKind[]> = { opcua: [], modbus: [] };

function nextKind(protocol: Line['kind']): OutageKind {
  if (decks[protocol].length === 0) decks[protocol] = kindsFor(protocol);
  const kind = draw(decks[protocol]);
  decks[protocol] = decks[protocol].filter((one) => one !== kind);
  return kind;
}

/** Each line but one of each protocol, with an outage of a kind and a length drawn by chance. */
function plansFor(stand: Stand, most: number): OutagePlan[] {
  const plans = (['opcua', 'modbus'] as const).flatMap((protocol) => {
    const lines = stand.lines.filter((line) => line.kind === protocol);
    const spared = draw(lines);
    return lines
      .filter((line) => line !== spared)
      .map((line) => {
        const forMs = FOR_MS_MIN + uniform(chance) ** 2 * (FOR_MS_MAX - FOR_MS_MIN);
        return { line, kind: nextKind(protocol), forMs, value: value++ };
      });
  });
  return plans.slice(0, most);
}

console.log(`${rounds} rounds, seed ${seed}; the same again: npm run soak -- ${rounds} ${seed}`);
const stand = await Stand.start(LINES_OF_EACH);
const base = await stand.plc.ask('resources', null);
const batches: Batch[] = [];
let done = 0;
try {
  while (done < rounds) {
    const batch = await runBatch(stand, plansFor(stand, rounds - done), base);
    batches.push(batch);
    printRounds(batch, done, rounds);
    done += batch.results.length;
  }
} finally {
  await stand.stop();
}
printSummary(batches, base);
const growthMb = growthOf(batches);
const faults = batches.flatMap((batch) => batch.faults);
if (growthMb !== null && growthMb > HEAP_GROWTH_MB_MAX) {
  faults.push(`the heap grew by ${growthMb.toFixed(1)} MB`);
}
console.log(faults.length === 0 ? 'no fault' : `${faults.length} faults, seed ${seed}`);
process.exitCode = faults.length === 0 ? 0 : 1;
