// Goal: whatever machine a mill has, also one that is new: every state of its drawing is reached,
// each command is answered once, what is energized goes off by its calming command, a tripped
// interlock or a signal that is not good, and after a restart nothing runs by itself.
import { describe, expect, it } from 'vitest';
import type { MachineSpec } from '../../plc/machines/contract.ts';
import { buildMachines } from '../../plc/machines/index.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import type { Condition } from '../../plc/model/condition.ts';
import { answers } from '../support/machine-walk.ts';
import type { Found, Moment, Roamed } from '../support/roam.ts';
import { CALMING, explore, isHot, isNews, leavesOf, Roam, rolesOf } from '../support/roam.ts';
import { sidesOf } from '../support/roam-plant.ts';

/** One machine that stands for all that have the same drawing and the same traits. */
interface Kind {
  readonly name: string;
  readonly mill: Mill;
  readonly spec: MachineSpec;
}

/** What tells machines of one drawing apart: the signals they have, and what is on or absent. */
function traitsOf(spec: MachineSpec): string {
  const own = rolesOf(spec).filter((role) => !role.includes('.'));
  const made = Object.entries(spec.input as object).filter(
    ([, value]) => typeof value === 'boolean' || value === null,
  );
  return JSON.stringify([spec.logic.id, own.sort(), made]);
}

function kindsOf(mills: readonly Mill[]): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const mill of mills) {
    for (const spec of buildMachines(mill)) {
      const traits = traitsOf(spec);
      const name = `${spec.logic.id} ${mill.id}/${spec.id}`;
      if (!kinds.has(traits)) kinds.set(traits, { name, mill, spec });
    }
  }
  return [...kinds.values()];
}

const KINDS = kindsOf([pilot, reference]);
const SEEDS = [1, 5, 9];
const STEPS = 1_500;
/** A drawing that is not walked through by then has a state that nothing leads to. */
const STEPS_MAX = 60_000;

/** States in which something is under way; the words are those of the models in `isa88.ts`. */
const UNDER_WAY =
  /^(Starting|Running|Opening|Open|Execute|Unholding|Suspending|Unsuspending|Warming|Aerating|Pressing|Filling|Settling|Jogging|DryMixing|WetMixing|Discharging|Cooling|Restarting)$/;

/** These keep books of what others do: a bin that is being filled drives nothing. */
const KEEPS_BOOKS: ReadonlySet<string> = new Set([
  'finishedBin',
  'truck-desk',
  'stock',
  'lots',
  'sacks',
]);

function isUnderWay(roam: Roam): boolean {
  return !KEEPS_BOOKS.has(roam.spec.logic.id) && UNDER_WAY.test(roam.state);
}

interface Explored {
  readonly found: Found;
  /** What was wrong on the way, with the seed that replays it. */
  readonly wrong: readonly string[];
}

function faultsOf(step: Roamed, seed: number): string[] {
  const given = answers({ ...step, written: new Map(), inputs: {}, context: {} });
  const [first] = given;
  const where = `${step.event} in ${step.state}, seed ${seed}`;
  const times = given.length === (step.isCommand ? 1 : 0) ? [] : [`${given.length} x ${where}`];
  const isMute = first?.type === 'refused' && first.reasons.length === 0;
  const isDropped = step.event === 'DANCE' && first?.type !== 'refused';
  return [...times, ...(isMute ? [`mute: ${where}`] : []), ...(isDropped ? [where] : [])];
}

function walkThrough({ mill, spec }: Kind, isEnough: (leaves: Set<string>) => boolean): Explored {
  const found = new Map<string, readonly Moment[]>();
  const wrong: string[] = [];
  const calming = calmingOf(spec);
  const seeds = [...SEEDS, ...Array.from({ length: 40 }, (_, index) => 13 + 4 * index)];
  let walked = 0;
  for (const seed of seeds) {
    const isDone = walked >= SEEDS.length * STEPS && isEnough(new Set(found.keys()));
    if (isDone || walked >= STEPS_MAX) break;
    const roam = new Roam(mill, spec, seed);
    const more = explore(roam, STEPS, (step) => {
      wrong.push(...faultsOf(step, seed));
      if (calming === null && roam.hot().length > 0) wrong.push(`hot for ever: ${roam.leaf}`);
    });
    for (const [leaf, moments] of more) {
      const known = found.get(leaf) ?? [];
      found.set(leaf, [...known, ...moments.filter((one) => isNews(known, one))]);
    }
    walked += STEPS;
  }
  return { found, wrong: wrong.slice(0, 10) };
}

function calmingOf(spec: MachineSpec): string | null {
  const known = spec.logic.events as readonly string[];
  return CALMING.find((one) => known.includes(one)) ?? null;
}

const explored = new Map<string, Explored>();

function exploredOf(kind: Kind): Explored {
  const known = explored.get(kind.name);
  if (known !== undefined) return known;
  const alone = KINDS.filter((one) => one.spec.logic.id === kind.spec.logic.id).length === 1;
  const wanted = alone ? leavesOf(kind.spec) : [];
  const made = walkThrough(kind, (leaves) => wanted.every((leaf) => leaves.has(leaf)));
  explored.set(kind.name, made);
  return made;
}

/** Each moment that was come upon, with a machine that stands in it. */
function inEachMoment(kind: Kind, act: (roam: Roam, where: string) => string[]): string[] {
  const roam = new Roam(kind.mill, kind.spec, 3);
  const faults: string[] = [];
  for (const [leaf, moments] of exploredOf(kind).found) {
    for (const moment of moments) {
      roam.goTo(moment);
      faults.push(...act(roam, leaf));
    }
  }
  return faults.slice(0, 10);
}

/** Conditions that hold while it runs: its interlocks and protections. */
function interlocksOf(spec: MachineSpec): Condition[] {
  const { interlocks = [], protections = [] } = spec.input as {
    readonly interlocks?: readonly Condition[];
    readonly protections?: readonly Condition[];
  };
  return [...interlocks, ...protections];
}

function permissivesOf(spec: MachineSpec): readonly Condition[] {
  const input = spec.input as { readonly permissives?: readonly Condition[] };
  return input.permissives ?? [];
}

/** Commands that would start something. */
function starts(step: Roamed): string[] {
  return step.outputs.flatMap((one) =>
    one.type === 'send' && ['START', 'OPEN', 'DOSE', 'MIX'].includes(one.command)
      ? [`${one.command} to ${one.to}`]
      : [],
  );
}

const TIMES_MS = [100, 100, 2_000, 10_000, 60_000, 200_000];

function runOn(roam: Roam, scans: number): void {
  for (let at = 0; at < scans; at += 1) roam.scan(TIMES_MS[at % TIMES_MS.length] ?? 100);
}

const drawings = [...new Set(KINDS.map((one) => one.spec.logic.id))];

it.each(drawings)('each state of the drawing of a %s is reached', (id) => {
  const own = KINDS.filter((one) => one.spec.logic.id === id);
  const seen = new Set(own.flatMap((kind) => [...exploredOf(kind).found.keys()]));
  const [first] = own;
  if (first === undefined) throw new Error(`no machine of ${id}`);
  expect(leavesOf(first.spec).filter((leaf) => !seen.has(leaf))).toEqual([]);
});

describe.each(KINDS)('$name', (kind) => {
  const { spec } = kind;

  it('answers each command once, refuses with a reason, and drops none that it does not know', () => {
    expect(exploredOf(kind).wrong).toEqual([]);
  });

  it('is brought to rest by its calming command from wherever it is', () => {
    const calming = calmingOf(spec);
    const faults = inEachMoment(kind, (roam, where) => {
      if (calming === null) return [];
      roam.mend();
      let step = roam.command(calming, roam.commander());
      for (let tries = 0; tries < 40 && step.outputs.at(0)?.type === 'refused'; tries += 1) {
        step = roam.command(calming, roam.commander());
      }
      runOn(roam, 60);
      const isAtRest = roam.hot().length === 0 && !isUnderWay(roam);
      return isAtRest ? [] : [`${calming} in ${where}: ${roam.state} ${roam.hot()}`];
    });
    expect(faults).toEqual([]);
  });

  it('has nothing energized one scan after an interlock trips or cannot be trusted', () => {
    const own = ['RunFb', 'Trip', 'Local', 'DeltaFb', 'OpenLS', 'CloseLS'];
    const signals = rolesOf(spec).filter((role) => own.includes(role));
    const faults = inEachMoment(kind, (roam, where) => {
      const at = roam.moment();
      const afterOne = (what: string, breakIt: () => void): string[] => {
        roam.goTo(at);
        breakIt();
        roam.nowMs += 100;
        roam.send('SCAN');
        return roam.hot().length === 0 ? [] : [`${what} in ${where}: ${roam.hot()}`];
      };
      return [
        ...interlocksOf(spec).flatMap((one) => [
          ...afterOne(`${one.tag} broken`, () => roam.set(one.tag, sidesOf(one)[1])),
          ...afterOne(`${one.tag} lost`, () => roam.lose(one.tag)),
        ]),
        ...signals.flatMap((role) => afterOne(`${role} lost`, () => roam.lose(role))),
        ...afterOne('all signals lost', () => {
          for (const role of rolesOf(spec)) roam.lose(role);
        }),
      ];
    });
    expect(faults).toEqual([]);
  });

  it('runs on though a permissive is not met any more', () => {
    const faults = inEachMoment(kind, (roam, where) => {
      const before = roam.moment();
      return permissivesOf(spec).flatMap((one) => {
        roam.goTo(before);
        const isFine = roam.scan(100).state === roam.state && roam.hot().length > 0;
        roam.goTo(before);
        roam.set(one.tag, sidesOf(one)[1]);
        roam.scan(100);
        return isFine && roam.hot().length === 0 ? [`${one.tag} stopped it in ${where}`] : [];
      });
    });
    expect(faults).toEqual([]);
  });

  it('comes back from a restart at rest, whatever it did, and stays so until it is told', () => {
    const isAutomatic = ['refill', 'aeration'].includes(spec.logic.id);
    const faults = inEachMoment(kind, (roam, where) => {
      const back = roam.restart();
      const begun = starts(back);
      const atOnce = isUnderWay(roam) || roam.hot().length > 0;
      roam.mend();
      runOn(roam, 12);
      const later = isUnderWay(roam) || roam.hot().length > 0;
      if (begun.length === 0 && !atOnce && (isAutomatic || !later)) return [];
      return [`${where} came back as ${back.state} ${begun}, then ${roam.state} ${roam.hot()}`];
    });
    expect(faults).toEqual([]);
  });

  it('remembers nothing that a snapshot cannot keep', () => {
    const faults = inEachMoment(kind, (roam, where) => {
      const { snapshot } = roam.moment();
      const kept = JSON.parse(JSON.stringify(snapshot.context));
      return JSON.stringify(kept) === JSON.stringify(snapshot.context) &&
        !hasUnkept(snapshot.context)
        ? []
        : [where];
    });
    expect(faults).toEqual([]);
  });
});

/** True for a value that JSON loses: a number without a value, a map, a function. */
function hasUnkept(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isFinite(value);
  if (typeof value === 'function' || typeof value === 'bigint') return true;
  if (value instanceof Map || value instanceof Set) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasUnkept);
}

describe('the walks', () => {
  it('know machines of many kinds, and come upon moments in which their outputs are energized', () => {
    expect(KINDS.length).toBeGreaterThan(15);
    const cold = KINDS.filter((kind) => {
      const moments = [...exploredOf(kind).found.values()].flat();
      return !moments.some(({ written }) => [...written].some(([tag, on]) => isHot(tag, on)));
    }).map((kind) => kind.spec.logic.id);
    // These command others or keep books, and have no output of their own that moves anything.
    const commanding = [
      'safety',
      'diverter',
      'route',
      'refill',
      'line',
      'mixer',
      'scale-dose',
      'meter-dose',
    ];
    const units = [
      'airNet',
      'hammerMill',
      'coater',
      'crumbler',
      'magnet',
      'pit',
      'dump',
      'transfer',
      'allocation',
      'aeration',
    ];
    const without = [...commanding, ...units, ...KEEPS_BOOKS];
    expect(cold.filter((id) => !without.includes(id))).toEqual([]);
  });
});
