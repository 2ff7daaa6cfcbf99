/**
 * Goal: a mill many times the size of another, to see what costs by what exists and what by what
 * moves: the mill itself, and copies of all of it that stand beside it.
 */
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { Mill, MillDefinition } from '../../plc/mill/definition.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { createState, measure } from '../../simulators/process/index.ts';
import { VirtualMill } from './virtual-mill.ts';

/** What is named by an id of its own, and so has another name in each copy. */
function idsOf(mill: MillDefinition): Set<string> {
  const named = [
    mill.devices,
    mill.connections,
    mill.areas,
    mill.displays,
    mill.routes,
    mill.lines,
  ];
  return new Set(named.flatMap((list) => list.map(({ id }) => id)));
}

/** A material may have the code of a route, and a kind of bin the name of an area. */
const SAME_IN_EVERY_COPY: ReadonlySet<string> = new Set(['material', 'kind']);

/**
 * The same data with each id, and each tag of a device, renamed wherever it stands. Of the members'
 * names only those of devices are ids: a display may be called `baggers` as a list of a line is.
 */
function renamed<T>(value: T, rename: (text: string) => string, devices: ReadonlySet<string>): T {
  if (typeof value === 'string') return rename(value) as T;
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename, devices)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, one]) =>
    SAME_IN_EVERY_COPY.has(key)
      ? [key, one]
      : [devices.has(key) ? rename(key) : key, renamed(one, rename, devices)],
  );
  return Object.fromEntries(entries) as T;
}

function copyOf(mill: MillDefinition, ids: ReadonlySet<string>, number: number): MillDefinition {
  const suffix = `X${number}`;
  const rename = (text: string): string => {
    const [id = '', ...rest] = text.split('.');
    return ids.has(id) ? [`${id}${suffix}`, ...rest].join('.') : text;
  };
  const copy = renamed(mill, rename, new Set(mill.devices.map(({ id }) => id)));
  return { ...copy, devices: copy.devices.filter(({ type }) => type !== 'heartbeat') };
}

/**
 * The mill and `copies - 1` more of all its devices, connections, routes and lines; what stands
 * has no heartbeat, which would be something that moves.
 */
function manyOf(mill: Mill, copies: number): Mill {
  const { tags, alarms, tagByName, deviceById, ...definition } = mill;
  const ids = idsOf(definition);
  const parts = [
    definition,
    ...Array.from({ length: copies - 1 }, (_, n) => copyOf(definition, ids, n + 1)),
  ];
  const all = <K extends keyof MillDefinition>(key: K) =>
    parts.flatMap((part) => part[key] as readonly unknown[]) as unknown as MillDefinition[K];
  return defineMill({
    ...definition,
    id: `${mill.id}-${copies}`,
    connections: all('connections'),
    areas: all('areas'),
    displays: all('displays'),
    devices: all('devices'),
    flows: all('flows'),
    routes: all('routes'),
    lines: all('lines'),
    pressLines: all('pressLines'),
    baggingLines: all('baggingLines'),
    refills: all('refills'),
  });
}

/**
 * A mill so many times the reference mill of which the first part works as it always does, while
 * everything else stands with a good value each: the same happens, and more exists.
 */
export async function workingPartOf(copies: number, seed: number): Promise<VirtualMill> {
  const mill = copies === 1 ? reference : manyOf(reference, copies);
  const running = new VirtualMill({ mill, field: createState(reference, seed) });
  for (const [tag, value] of measure(createState(mill, seed))) {
    if (!reference.tagByName.has(tag)) running.core.image.setInput(tag, value);
  }
  await running.controller.start();
  await running.runFor(1_000);
  return running;
}
