/**
 * Goal: one scale with its screws and its gate on the physics of the simulator, dosed hundreds of
 * times in virtual time: noise and creep as in the mill, a flow that drifts, and lots that flow
 * otherwise than the one before.
 */
import { toleranceOf } from '../../plc/logic/dosing.ts';
import { buildControlModules } from '../../plc/machines/devices/modules.ts';
import { scaleSpec } from '../../plc/machines/dosing/scale-dose.machine.ts';
import { chain, device, drive } from '../../plc/mill/builders.ts';
import { defineMill } from '../../plc/mill/define-mill.ts';
import type { DeviceDefinition, Mill } from '../../plc/mill/definition.ts';
import { text } from '../../plc/mill/tag-shorthand.ts';
import type { ScaleState } from '../../plc/model/isa88.ts';
import { SCALE_STATES } from '../../plc/model/isa88.ts';
import type { DoseRecord } from '../../plc/model/record.ts';
import { goodNumber } from '../../plc/model/tag.ts';
import { MachineBench } from './machine-bench.ts';

/** A kind of scale of DOMAIN 4 with the screws above it and the doses that it weighs. */
export interface ScaleKind {
  readonly name: string;
  readonly capacityKg: number;
  readonly divisionKg: number;
  readonly minimumDivisions: number;
  readonly toleranceKg: number;
  readonly kgPerHourPerHz: number;
  readonly fineHz: number;
  /** Smallest and largest dose, kg. */
  readonly dosesKg: readonly [number, number];
}

/** The six kinds of the reference mill. */
export const SCALE_KINDS: readonly ScaleKind[] = [
  kind('6 t', [6_000, 1, 20, 2], [1_600, 2.5], [120, 700]),
  kind('3 t', [3_000, 0.5, 20, 1], [500, 2.5], [60, 250]),
  kind('500 kg', [500, 0.1, 50, 0.2], [60, 2.5], [10, 40]),
  kind('100 kg', [100, 0.01, 50, 0.01], [8, 2], [1, 5]),
  kind('20 kg', [20, 0.001, 50, 0.01], [1.5, 2], [0.2, 1]),
  kind('liquid', [500, 0.1, 50, 0.3], [240, 2.5], [30, 120]),
];

function kind(
  name: string,
  [capacityKg, divisionKg, minimumDivisions, toleranceKg]: readonly [
    number,
    number,
    number,
    number,
  ],
  [kgPerHourPerHz, fineHz]: readonly [number, number],
  dosesKg: readonly [number, number],
): ScaleKind {
  return {
    ...{ name, capacityKg, divisionKg, minimumDivisions, toleranceKg },
    ...{ kgPerHourPerHz, fineHz, dosesKg },
  };
}

const PLACE = { area: 'rig', connection: 'rig', at: [10, 10] } as const;
const BINS = 3;
const name = (id: string) => text(id, id);

function bin(id: string, capacityKg: number, material: string | null): DeviceDefinition {
  return device('bin', id, name(id), PLACE, {
    ...{ kind: material === null ? 'finished' : 'dosing', capacityKg, highPct: 99, lowPct: 1 },
    ...{ material, lot: material === null ? null : 'L-0' },
    initialKg: material === null ? 0 : capacityKg * 0.9,
  });
}

function rigMill(of: ScaleKind): Mill {
  const { kgPerHourPerHz, fineHz, capacityKg, divisionKg, minimumDivisions, toleranceKg } = of;
  const bins = Array.from({ length: BINS }, (_, index) => `B${index + 1}`);
  const stock = of.dosesKg[1] * 20_000;
  return defineMill({
    ...{ id: 'rig', text: name('rig'), timeZone: 'UTC', plainTags: [], carryOver: [] },
    connections: [
      {
        ...{ kind: 'opcua', id: 'rig', text: name('rig'), publishingIntervalMs: 100 },
        ...{ endpointUrl: 'opc.tcp://127.0.0.1:4840', namespaceUri: 'urn:rig' },
        ...{ security: 'strongest', identity: { kind: 'anonymous' } },
      },
    ],
    areas: [{ id: 'rig', text: name('rig') }],
    displays: [{ id: 'rig', text: name('rig'), areas: ['rig'] }],
    materials: bins.map((id) => ({ code: `M-${id}`, text: name(id) })),
    devices: [
      ...bins.flatMap((id) => [
        bin(id, stock, `M-${id}`),
        drive('feeder', `F-${id}`.replace('-', ''), name(id), PLACE, {
          ...{ ratedKw: 4, hornS: 0, runUpS: 2, startsPerHourMax: 600, hzMax: 60, coarseHz: 50 },
          ...{ fineHz, kgPerHourPerHz },
        }),
      ]),
      device('scale', 'WS', name('WS'), PLACE, {
        ...{ capacityKg, divisionKg, minimumDivisions, tolerancePct: 0.5, toleranceKg },
        ...{ settleS: 2, dischargeGate: 'GS' },
      }),
      device('gate', 'GS', name('GS'), PLACE, { travelS: 3, flowTPerH: capacityKg / 5 }),
      bin('SINK', stock * BINS, null),
    ],
    flows: [...bins.flatMap((id) => chain(id, `F${id}`, 'WS')), ...chain('WS', 'GS', 'SINK')],
    ...{ routes: [], lines: [], pressLines: [], baggingLines: [], refills: [] },
  });
}

/** Chance from a seed (mulberry32), so that a failing run is replayed. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The flow of each screw wanders by so much from dose to dose, within these limits. */
const DRIFT = 0.01;
const DRIFT_MAX = 0.12;
/** A new lot after so many doses of a bin; it flows up to so much faster or slower. */
const DOSES_PER_LOT = 60;
const LOT_SPREAD = 0.1;
const DOSE_LIMIT_MS = 1_800_000;
const LINE = { kind: 'machine', id: 'RIG' } as const;

interface Screw {
  readonly settings: { kgPerHourPerHz: number };
  drift: number;
  lotFactor: number;
  doses: number;
}

export class ScaleRig {
  readonly bench: MachineBench;
  readonly #kind: ScaleKind;
  readonly #chance: () => number;
  readonly #screws: Screw[];
  #count = 0;

  constructor(of: ScaleKind, seed: number, learns = true) {
    this.#kind = of;
    this.#chance = chanceOf(seed);
    const mill = rigMill(of);
    const feeders = Object.fromEntries(
      Array.from({ length: BINS }, (_, index) => [
        `FB${index + 1}`,
        { coarseHz: 50, fineHz: of.fineHz, kgPerHourPerHz: of.kgPerHourPerHz },
      ]),
    );
    const { capacityKg, divisionKg } = of;
    const bins = Object.keys(feeders).map((id) => id.slice(1));
    const scale = scaleSpec({
      ...{
        id: 'WS',
        divisionKg,
        capacityKg,
        settleS: 2,
        gate: 'GS',
        feeders,
        bins,
        knockers: {},
        learns,
      },
    });
    this.bench = new MachineBench(mill, [...buildControlModules(mill), scale], seed);
    // The controller reckons with what the screw is rated for; what it really brings is physics.
    this.#screws = Array.from({ length: BINS }, (_, index) => {
      const item = this.bench.state.byId.get(`FB${index + 1}`);
      const settings = item?.device.settings as unknown as { kgPerHourPerHz: number };
      return { settings, drift: 0, lotFactor: 1, doses: 0 };
    });
    this.bench.runFor(2_000);
  }

  get state(): ScaleState | undefined {
    return SCALE_STATES[Number(this.bench.code('WS.State'))];
  }

  get doses(): DoseRecord[] {
    return this.bench.records.filter((one) => one.kind === 'dose');
  }

  /** Weighs so many doses from the bins in turn; empties the scale whenever it is full. */
  run(doses: number): void {
    for (let index = 0; index < doses; index++) this.#dose(index % BINS);
  }

  #spread(width: number): number {
    return (this.#chance() * 2 - 1) * width;
  }

  /** The next dose finds another flow: it drifts, and each lot has its own. */
  #drift(screw: Screw): void {
    if (screw.doses % DOSES_PER_LOT === 0) screw.lotFactor = 1 + this.#spread(LOT_SPREAD);
    const drift = screw.drift + this.#spread(DRIFT);
    screw.drift = Math.max(-DRIFT_MAX, Math.min(DRIFT_MAX, drift));
    screw.settings.kgPerHourPerHz = this.#kind.kgPerHourPerHz * screw.lotFactor * (1 + screw.drift);
    screw.doses += 1;
  }

  #dose(index: number): void {
    const screw = this.#screws[index];
    if (screw === undefined) throw new RangeError(`no screw ${index}`);
    const lot = `L-${Math.floor(screw.doses / DOSES_PER_LOT)}`;
    this.#drift(screw);
    const [least, most] = this.#kind.dosesKg;
    const { capacityKg, divisionKg } = this.#kind;
    const targetKg =
      Math.round((least + this.#chance() * (most - least)) / divisionKg) * divisionKg;
    const netKg = goodNumber(this.bench.tag('WS.Net')) ?? 0;
    if (netKg + targetKg > capacityKg * 0.95) this.#discharge();
    this.#count += 1;
    const id = `B${index + 1}`;
    this.bench.command(
      'WS',
      'DOSE',
      {
        ...{ doseId: `R/1/WS/${this.#count}`, batchId: 'R/1', bin: id, feeder: `F${id}` },
        ...{ material: `M-${id}`, lot, targetKg, resumed: false },
        toleranceKg: toleranceOf(targetKg, { tolerancePct: 0.5, ...this.#kind }),
      },
      LINE,
    );
    this.bench.until(() => this.state === 'Full' || this.state === 'Waiting', DOSE_LIMIT_MS);
    if (this.state === 'Waiting') this.bench.command('WS', 'DECIDE', { decision: 'accept' });
    if (this.state !== 'Full') throw new Error(`dose ${this.#count} stays ${this.state}`);
  }

  #discharge(): void {
    this.bench.command('WS', 'DISCHARGE', {}, LINE);
    this.bench.until(() => this.state === 'Empty', DOSE_LIMIT_MS);
  }
}

/** How well a run of doses was weighed. */
export interface DosingFigures {
  readonly doses: number;
  readonly inTolerancePct: number;
  readonly meanErrorDivisions: number;
  readonly sigmaDivisions: number;
  readonly joggedPct: number;
  readonly meanS: number;
}

/** The figures of all doses after the first ten of each bin. */
export function figuresOf(doses: readonly DoseRecord[], divisionKg: number): DosingFigures {
  const seen = new Map<string, number>();
  const counted = doses.filter(({ bin: id }) => {
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before >= 10;
  });
  const errors = counted.map((one) => (one.actualKg - one.targetKg) / divisionKg);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length);
  const error = mean(errors);
  const share = (is: (one: DoseRecord) => boolean) =>
    (100 * counted.filter(is).length) / Math.max(1, counted.length);
  return {
    doses: counted.length,
    inTolerancePct: share((one) => one.decision === 'in-tolerance'),
    meanErrorDivisions: error,
    sigmaDivisions: Math.sqrt(mean(errors.map((one) => (one - error) ** 2))),
    joggedPct: share((one) => one.jogs > 0),
    meanS: mean(counted.map((one) => (one.endedTimeMs - one.startedTimeMs) / 1_000)),
  };
}
