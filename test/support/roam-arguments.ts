// Arguments for any command of any machine: one object with every argument that a command of the
// controller may have, of a kind that fits the machine and its mill. A machine takes what it knows.
import type { MachineSpec } from '../../plc/machines/contract.ts';
import type { Mill } from '../../plc/mill/definition.ts';
import type { Order } from '../../plc/model/order.ts';

const DRUGS = ['none', 'none', 'ionophore', 'antibiotic'] as const;

type Roll = (sides: number) => number;

function pick<T>(list: readonly T[], roll: Roll): T | undefined {
  return list[roll(list.length)];
}

function orderFor(mill: Mill, line: string, roll: Roll): Order {
  const made = mill.lines.find((one) => one.id === line) ?? mill.lines[0];
  return {
    orderId: `O-${roll(9)}`,
    formulaCode: 'TEST',
    formulaVersion: 1,
    product: { vi: 'Thử', en: 'Test' },
    items: [
      { material: 'MAIZE', pct: 60, drug: false },
      { material: 'SBM', pct: 40, drug: false },
    ],
    procedure: { id: 'mash', pelleted: false, dryMixS: 10, wetMixS: 10, conditionerC: null },
    orderKg: 100 * (1 + roll(2)),
    batchKg: 100,
    line: made?.id ?? '',
    destination: made?.finishedBins[0] ?? '',
    packaging: roll(2) === 0 ? 'bulk' : 'bags',
    bagKg: 25,
    lot: 'L-1',
    kind: 'feed',
    nature: { drugClass: 'none', species: 'broiler', withdrawal: false },
    presses: [],
    bagger: null,
    dueTimeMs: null,
    customer: null,
  };
}

/** From where to where: of the machine's own plans, where it has any. */
function wayFor(mill: Mill, spec: MachineSpec, roll: Roll) {
  const { plans = {}, ways = Object.keys(plans) } = spec.input as {
    readonly plans?: Readonly<Record<string, object>>;
    readonly ways?: readonly string[];
  };
  const bin = pick(mill.lines[0]?.finishedBins ?? [], roll) ?? '';
  const [source = '', destination = bin] = (pick(ways, roll) ?? bin).split('>');
  return { source, destination };
}

/** A dose for a scale: one of its feeders with the bin above. */
function doseFor(mill: Mill, spec: MachineSpec, roll: Roll): Record<string, unknown> {
  const { feeders = {}, capacityKg = 100 } = spec.input as {
    readonly feeders?: Readonly<Record<string, object>>;
    readonly capacityKg?: number;
  };
  const byHand = spec.logic.id === 'handAdd';
  const feeder = byHand ? spec.id : (pick(Object.keys(feeders), roll) ?? '');
  const bin = byHand ? spec.id : (mill.flows.find((flow) => flow.to === feeder)?.from ?? '');
  const id = `O-1/1/${roll(4)}`;
  const targetKg = capacityKg * (0.2 + 0.1 * roll(4));
  // No chance weight comes near enough to a dose otherwise.
  const toleranceKg = byHand ? capacityKg : 1;
  return { doseId: id, bin, feeder, material: 'MAIZE', lot: 'L', targetKg, toleranceKg };
}

/** What is made or moved: text for people, and what it is as regards carry-over. */
function productFor(roll: Roll): Record<string, unknown> {
  const drugClass = pick(DRUGS, roll) ?? 'none';
  const nature = { drugClass, species: 'broiler', withdrawal: false };
  const lot = `L-${roll(3)}`;
  return { product: { vi: 'Thử', en: 'Test', orderId: 'O-1', lot, nature }, nature, lot };
}

/** What a finished bin may hold. */
export function contentOf(roll: Roll): object {
  const drugClass = roll(3) === 0 ? 'ionophore' : 'none';
  const nature = { drugClass, species: 'broiler', withdrawal: false };
  return { orderId: 'O-1', lot: `L-${roll(3)}`, product: null, nature };
}

/** One compartment of a truck, from a bin that a spout can be fed from. */
function loadFor({ input }: MachineSpec, roll: Roll): Record<string, unknown> {
  const { routes, compartmentKgMax = 1_000 } = input as {
    readonly routes?: Readonly<Record<string, string>>;
    readonly compartmentKgMax?: number;
  };
  if (routes === undefined) return {};
  const last = { drugClass: roll(4) === 0 ? 'antibiotic' : 'none', species: 'pig' };
  return {
    bin: Object.keys(routes)[0],
    truck: '51C-123.45',
    compartmentKg: compartmentKgMax * (0.5 + 0.1 * roll(4)),
    last: { ...last, withdrawal: false },
    cleaned: roll(2) === 0,
  };
}

/** Sacks for a bin that a dump hopper leads to. */
function sacksFor({ input }: MachineSpec, roll: Roll): Record<string, unknown> {
  const { hopper, bins } = input as {
    readonly hopper?: string;
    readonly bins?: readonly { readonly bin: string; readonly material: string }[];
  };
  const to = hopper === undefined ? undefined : pick(bins ?? [], roll);
  if (to === undefined) return {};
  return { bin: to.bin, label: `(10)L(17)991231(240)${to.material}`, sacks: 1 + roll(9) };
}

/** A fresh set of arguments; `roll` picks where there is a choice. */
export function argumentsFor(mill: Mill, spec: MachineSpec, roll: Roll): Record<string, unknown> {
  const line = mill.lines.find((one) => one.id === spec.id) ?? mill.lines[0];
  return {
    ...doseFor(mill, spec, roll),
    ...loadFor(spec, roll),
    ...wayFor(mill, spec, roll),
    ...productFor(roll),
    order: orderFor(mill, spec.id, roll),
    orderId: `O-${roll(9)}`,
    batchId: 'O-1/1',
    scale: pick(line?.scales ?? [], roll),
    dryScales: line?.scales.slice(0, 1) ?? [],
    liquidScales: roll(2) === 0 ? [] : (line?.scales.slice(1, 2) ?? []),
    route: line?.routes.mixToFinished,
    dryMixS: 10,
    wetMixS: 10,
    setC: 80,
    kg: roll(2) === 0 ? 50 : 5_000,
    batchKg: 1_000,
    pct: roll(3),
    mm: 2,
    truckId: 'T-1',
    plate: 'X',
    loadKg: 20_000,
    levelPct: 10 * roll(10),
    bagKg: 25,
    s: 1 + roll(3),
    hz: 10 * roll(6),
    position: 1 + roll(4),
    on: roll(3) === 0,
    horn: roll(2) === 0,
    forPerson: roll(2) === 0,
    mode: pick(['Auto', 'Auto', 'SemiAuto', 'Manual'], roll),
    decision: pick(['accept', 'retry'], roll),
    user: 'lan',
    reasons: [],
    unit: spec.id,
    handAdd: true,
    label: '(10)L(240)MAIZE',
    resumed: false,
    note: 'why',
    // A second person; what a route would take for a second destination.
    ...(spec.logic.id === 'route' ? {} : { second: 'minh' }),
    certificate: 'VS-1',
    ...sacksFor(spec, roll),
  };
}
