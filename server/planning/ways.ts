import type { DosingBin, DosingScale } from '../../plc/logic/batch-plan.ts';
import type { DeviceOf, DeviceTypeName, Mill } from '../../plc/mill/definition.ts';
import type { HandAddPlace } from '../../plc/mill/hand-adds.ts';
import { handAddsOf } from '../../plc/mill/hand-adds.ts';

/** A scale as the planner needs it: how fine it weighs, and how long a dose takes. */
export interface PlanScale extends DosingScale {
  readonly divisionKg: number;
  readonly settleS: number;
  /** Time that emptying its full capacity takes, s. */
  readonly dischargeS: number;
  /** Coarse flow of each feeder above it, kg/s. */
  readonly flowKgPerS: ReadonlyMap<string, number>;
}

export interface PlanLine {
  readonly id: string;
  readonly mixer: string;
  /** What the mixer holds at most, kg. */
  readonly mixerKg: number;
  /** The batch that it is named for, kg: it holds a tenth more. */
  readonly batchKg: number;
  readonly dischargeS: number;
  readonly scales: readonly PlanScale[];
  readonly presses: readonly string[];
  readonly baggers: readonly string[];
  /** Finished bins that are filled for its orders. */
  readonly finishedBins: readonly string[];
  /** Finished bins that its mash reaches without a press. */
  readonly mashBins: readonly string[];
}

export interface PlanPress {
  readonly id: string;
  readonly binKg: number;
  /** What it presses: not what its motor could at full load, but what its feeder usually brings. */
  readonly kgPerS: number;
  /** Finished bins that its pellets reach. */
  readonly bins: readonly string[];
}

export interface PlanBagger {
  readonly id: string;
  readonly bagsPerS: number;
  readonly bins: readonly string[];
  /**
   * The diverter that bins share with others on their way to it: it leads to one bagger at a time.
   * Bins with a way of their own are not in it.
   */
  readonly chutes: ReadonlyMap<string, string>;
}

/** All that the planner needs to know of a mill, with the ways that product can go. */
export interface MillWays {
  readonly lines: readonly PlanLine[];
  readonly presses: ReadonlyMap<string, PlanPress>;
  readonly baggers: ReadonlyMap<string, PlanBagger>;
  /** What each finished bin takes up to its high level, kg. */
  readonly finishedKg: ReadonlyMap<string, number>;
}

/** A mixer holds a tenth more than the batch that it is named for. */
const RATED_SHARE = 1 / 1.1;

/** A device of the type that its place in the mill asks for. */
function deviceOf<K extends DeviceTypeName>(mill: Mill, id: string, type: K): DeviceOf<K> {
  const device = mill.deviceById.get(id);
  if (device?.type !== type) {
    throw new TypeError(`${id} is no ${type}: the mill file must be mended`);
  }
  return device as DeviceOf<K>;
}

function upstream(mill: Mill, id: string): string[] {
  return mill.flows.filter((flow) => flow.to === id).map((flow) => flow.from);
}

function scaleOf(mill: Mill, id: string): PlanScale {
  const { settings } = deviceOf(mill, id, 'scale');
  const feeders = upstream(mill, id).flatMap((from) => {
    const device = mill.deviceById.get(from);
    return device?.type === 'feeder' ? [device] : [];
  });
  const bins = feeders.flatMap((feeder) =>
    upstream(mill, feeder.id).map((bin) => {
      const { material, lot, kind } = deviceOf(mill, bin, 'bin').settings;
      return { bin, feeder: feeder.id, material, lot, isTank: kind === 'tank' };
    }),
  );
  const gate = mill.deviceById.get(settings.dischargeGate);
  const gateTPerH = gate?.type === 'gate' ? gate.settings.flowTPerH : 0;
  return {
    id,
    capacityKg: settings.capacityKg,
    minimumKg: settings.minimumDivisions * settings.divisionKg,
    tolerancePct: settings.tolerancePct,
    toleranceKg: settings.toleranceKg,
    liquid: bins.length > 0 && bins.every(({ isTank }) => isTank),
    bins: bins.map(({ bin, feeder, material, lot }): DosingBin => ({ bin, feeder, material, lot })),
    divisionKg: settings.divisionKg,
    settleS: settings.settleS,
    dischargeS: gateTPerH > 0 ? (settings.capacityKg * 3.6) / gateTPerH : 0,
    flowKgPerS: new Map(
      feeders.map(({ id: feeder, settings: { coarseHz, kgPerHourPerHz } }) => [
        feeder,
        (coarseHz * kgPerHourPerHz) / 3_600,
      ]),
    ),
  };
}

/** A liquid by meter: it flows while the batch is in the mixer. */
function meterOf(mill: Mill, id: string): PlanScale {
  const { settings } = deviceOf(mill, id, 'doseMeter');
  const { pump, kgPerPulse, settleS, capacityKg, minimumKg } = settings;
  const [bin = ''] = upstream(mill, pump);
  const { material, lot } = deviceOf(mill, bin, 'bin').settings;
  const { coarseHz, kgPerHourPerHz } = deviceOf(mill, pump, 'feeder').settings;
  const { tolerancePct, toleranceKg } = settings;
  return {
    ...{ id, capacityKg, minimumKg, tolerancePct, toleranceKg, settleS, dischargeS: 0 },
    ...{ liquid: true, metered: true, divisionKg: kgPerPulse },
    bins: [{ bin, feeder: pump, material, lot }],
    flowKgPerS: new Map([[pump, (coarseHz * kgPerHourPerHz) / 3_600]]),
  };
}

/** What a person weighs while the batch is dosed costs no time of its own. */
function handScale({ materials, ...place }: HandAddPlace): PlanScale {
  const filled = { liquid: false, bins: [], byHand: materials };
  return { ...place, ...filled, settleS: 0, dischargeS: 0, flowKgPerS: new Map() };
}

function destinationsOf(mill: Mill, route: string): readonly string[] {
  return mill.routes.find(({ id }) => id === route)?.destinations ?? [];
}

/** The device between the gate of a bin and a bagger; none where the gate is over the bagger. */
function chutesOf(mill: Mill, bagger: string, bins: readonly string[]): Map<string, string> {
  const below = (id: string) => mill.flows.filter(({ from }) => from === id).map(({ to }) => to);
  return new Map(
    bins.flatMap((bin): [string, string][] => {
      const chute = below(bin)
        .flatMap(below)
        .find((id) => below(id).includes(bagger));
      return chute === undefined ? [] : [[bin, chute]];
    }),
  );
}

function isFinishedBin(mill: Mill, id: string): boolean {
  const device = mill.deviceById.get(id);
  return device?.type === 'bin' && device.settings.kind === 'finished';
}

/** Reads the ways of a mill out of its definition. @throws when its file is wrong (programmer). */
export function millWays(mill: Mill): MillWays {
  const lines = mill.lines.map((line): PlanLine => {
    const { capacityKg, dischargeS } = deviceOf(mill, line.mixer, 'mixer').settings;
    return {
      id: line.id,
      mixer: line.mixer,
      mixerKg: capacityKg,
      batchKg: Math.round((capacityKg * RATED_SHARE) / 10) * 10,
      dischargeS,
      scales: [
        ...line.scales.map((id) => scaleOf(mill, id)),
        ...(line.meters ?? []).map((id) => meterOf(mill, id)),
        ...handAddsOf(mill, line).map(handScale),
      ],
      presses: line.presses,
      baggers: line.baggers,
      finishedBins: line.finishedBins,
      mashBins: destinationsOf(mill, line.routes.mixToFinished),
    };
  });
  const presses = mill.pressLines.map(({ press, bin, route }): PlanPress => {
    const { settings } = deviceOf(mill, press, 'press');
    const { coarseHz, kgPerHourPerHz } = deviceOf(mill, settings.feeder, 'feeder').settings;
    return {
      id: press,
      binKg: deviceOf(mill, bin, 'bin').settings.capacityKg,
      kgPerS: (coarseHz * kgPerHourPerHz) / 3_600,
      bins: destinationsOf(mill, route),
    };
  });
  const baggers = mill.baggingLines.map(({ bagger, bins }): PlanBagger => {
    const { bagsPerHour } = deviceOf(mill, bagger, 'bagger').settings;
    const chutes = chutesOf(mill, bagger, bins);
    return { id: bagger, bagsPerS: bagsPerHour / 3_600, bins, chutes };
  });
  const finished = mill.devices.filter(({ id }) => isFinishedBin(mill, id));
  return {
    lines,
    presses: new Map(presses.map((one) => [one.id, one])),
    baggers: new Map(baggers.map((one) => [one.id, one])),
    finishedKg: new Map(
      finished.map(({ id }) => {
        const { capacityKg, highPct } = deviceOf(mill, id, 'bin').settings;
        return [id, (capacityKg * highPct) / 100];
      }),
    ),
  };
}
