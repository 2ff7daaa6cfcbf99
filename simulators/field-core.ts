import type { Mill } from '../plc/mill/definition.ts';
import type { TagScalar } from '../plc/model/tag.ts';
import type { Fault } from './faults/catalogue.ts';
import type { FaultRequest } from './faults/check.ts';
import { FaultError } from './faults/check.ts';
import { conditionOf } from './faults/link-condition.ts';
import type { FaultFilter } from './faults/present.ts';
import { refuse, startScenario } from './faults/running-scenario.ts';
import type { ScenarioStep } from './faults/scenario.ts';
import { parseScenario } from './faults/scenario.ts';
import type { HeartbeatState } from './process/devices/heartbeat.ts';
import type { MillState } from './process/index.ts';
import {
  clearFault,
  createState,
  measure,
  Readings,
  safeConnections,
  sendTruck,
  setFault,
  step,
  TruckError,
} from './process/index.ts';
import { FieldImage } from './servers/image.ts';

/**
 * The simulated mill without a network: physics, image, faults and scenario. Tests step it by hand;
 * `SimulatedField` puts it on its servers. Who owns it gives it the time.
 */
export class FieldCore {
  readonly state: MillState;
  readonly image: FieldImage;
  private readonly readings = new Readings();
  private safe = new Set<string>();

  constructor(mill: Mill, state: MillState) {
    this.state = state;
    this.image = new FieldImage(mill);
    this.look();
  }

  /** A new mill. @param seed same seed, same commands: same mill, to the milligram. */
  static create(mill: Mill, seed: number): FieldCore {
    return new FieldCore(mill, createState(mill, seed));
  }

  /** So much process time, with what the scenario brings in it. */
  step(processMs: number): void {
    const { state, image } = this;
    for (let leftMs = processMs; leftMs > 0; ) {
      const waitMs = this.performDue() - state.owedMs;
      const pieceMs = Math.min(leftMs, waitMs);
      step(state, image.outputs, pieceMs, image.takeCommanded());
      leftMs -= pieceMs;
    }
    this.look();
    const safe = safeConnections(state);
    for (const connection of safe) {
      if (!this.safe.has(connection)) image.clearOutputs(connection);
    }
    this.safe = safe;
  }

  /** A field tag as its controller has it now. */
  read(tag: string): TagScalar {
    return this.image.read(tag);
  }

  /** Commands an output. */
  write(tag: string, value: TagScalar): void {
    this.image.write(tag, value);
  }

  /** False while no client could get an answer of this connection, or of this unit behind it. */
  answers(connection: string, unit: number | null = null): boolean {
    const { down, halfOpen, units } = conditionOf(this.state.faults.all, connection);
    const failure = unit === null ? null : (units.get(unit)?.failure ?? null);
    return !(down || halfOpen) && failure === null;
  }

  /** @throws {FaultError} naming all that does not go together. */
  setFault(request: FaultRequest): Fault {
    const fault = setFault(this.state, request);
    if (fault.fault === 'plc-restart' && fault.connection !== null) this.restart(fault.connection);
    return fault;
  }

  /** Takes off all faults that have what is given; returns how many there were. */
  clearFault(filter: FaultFilter): number {
    return clearFault(this.state, filter);
  }

  /**
   * Begins a scenario now; one that is under way ends, and leaves its faults behind.
   * @throws {ScenarioError} naming everything that is wrong with it.
   */
  startScenario(name: string, content: unknown, seed?: number): void {
    const { state } = this;
    const shown = measure(state);
    const scenario = parseScenario(name, content, state.mill, (tag) => shown.get(tag));
    state.scenario = startScenario(name, scenario, state.timeMs, seed);
  }

  /** What is still to come of a scenario does not come. */
  stopScenario(): void {
    this.state.scenario = null;
  }

  /** Reads the sensors that moved. */
  private look(): void {
    this.readings.update(this.state, (name, value) => this.image.setInput(name, value));
  }

  /** Does all that is due by now; returns the time until the next, ms. */
  private performDue(): number {
    const { state } = this;
    for (;;) {
      const next = state.scenario?.steps[0];
      if (next === undefined) return Number.POSITIVE_INFINITY;
      if (next.dueMs > state.timeMs) return next.dueMs - state.timeMs;
      state.scenario?.steps.shift();
      this.perform(next.step);
    }
  }

  private perform(due: ScenarioStep): void {
    const { state } = this;
    try {
      if (due.do === 'truck') sendTruck(state, due);
      else if (due.do === 'fault') this.setFault(due);
      else if (due.do === 'clear') this.clearFault(due);
      else if (due.do === 'speed') state.speed = due.speed;
      else if (due.up) this.clearFault({ fault: 'server-down', connection: due.connection });
      else this.setFault({ fault: 'server-down', connection: due.connection });
    } catch (error) {
      if (!(error instanceof FaultError || error instanceof TruckError)) throw error;
      if (state.scenario !== null) refuse(state.scenario, state.timeMs, error.message);
    }
  }

  /** A PLC that restarts has lost its outputs and its watchdog's memory. */
  private restart(connection: string): void {
    this.image.clearOutputs(connection, false);
    for (const { device, state } of this.state.heartbeats) {
      if (device.connection === connection) {
        Object.assign(state, { beat: 0, silentS: 0, safe: true } satisfies HeartbeatState);
      }
    }
  }
}
