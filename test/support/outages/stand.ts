/**
 * Goal: a controller's end and its device servers, each a process of its own and each reached
 * through a line that can be disturbed, with a record of when which tags were good.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FreezingProxy } from '../driver-proxy.ts';
import { freePorts } from '../ports.ts';
import { until } from '../until.ts';
import { Child } from './child.ts';
import type { LinePlan, TagGroup } from './outage-mill.ts';
import { groupsOf } from './outage-mill.ts';
import type { DeviceAnswers, GroupState, PlcAnswers, Resources } from './told.ts';

const FIRST_VALUES_MS = 60_000;
const LOG_LINES_KEPT = 200;

/** A change of how many tags of a group are good. */
export interface Change {
  readonly atMs: number;
  readonly state: GroupState;
}

/** One device server, the line to it and its groups of tags. */
export class Line {
  readonly id: string;
  readonly kind: LinePlan['kind'];
  readonly groups: readonly TagGroup[];
  readonly proxy: FreezingProxy;
  readonly device: Child<DeviceAnswers>;
  readonly #port: number;
  readonly #plan: { readonly epochMs: number; readonly dataDir: string };
  readonly #inputs: Record<string, number> = {};
  #namespaces = 0;

  constructor(
    plan: Pick<LinePlan, 'id' | 'kind'>,
    ports: { readonly device: number; readonly line: number },
    around: { readonly epochMs: number; readonly dataDir: string },
  ) {
    this.id = plan.id;
    this.kind = plan.kind;
    this.groups = groupsOf(plan);
    this.#port = ports.device;
    this.#plan = around;
    this.proxy = new FreezingProxy(ports.device, ports.line);
    this.device = new Child<DeviceAnswers>('device-process.ts', () => undefined);
  }

  /** Starts the device server; after an end it listens where it did before. */
  startDevice(): Promise<void> {
    return this.device.start({
      line: { id: this.id, kind: this.kind, port: this.#port },
      epochMs: this.#plan.epochMs,
      dataDir: join(this.#plan.dataDir, 'devices'),
      namespacesBefore: Array.from({ length: this.#namespaces }, (_, at) => `urn:test:${at}`),
      inputs: this.#inputs,
    });
  }

  /** From its next start on, the namespace of an OPC UA device has another index. */
  moveNamespace(): void {
    this.#namespaces = (this.#namespaces + 1) % 3;
  }

  /** Lets every group measure this; a device that is down will when it is started. */
  note(amps: number): void {
    for (const group of this.groups) this.#inputs[`${group.id}.Amps`] = amps;
  }

  async measure(amps: number): Promise<void> {
    this.note(amps);
    await this.device.ask('set', this.#inputs);
  }
}

export class Stand {
  readonly lines: readonly Line[];
  readonly plc: Child<PlcAnswers>;
  /** Rejections and exceptions that nobody caught in the controller's end. */
  readonly faults: string[] = [];
  readonly log: string[] = [];
  readonly #changes = new Map<string, Change[]>();
  readonly #dataDir: string;
  readonly #epochMs: number;

  private constructor(lines: readonly Line[], dataDir: string, epochMs: number) {
    this.lines = lines;
    this.#dataDir = dataDir;
    this.#epochMs = epochMs;
    this.plc = new Child<PlcAnswers>('plc-process.ts', (event) => {
      if (event.event === 'fault') this.faults.push(event.text);
      if (event.event === 'log') {
        this.log.push(`${new Date().toISOString()} ${event.text}`);
        if (this.log.length > LOG_LINES_KEPT) this.log.shift();
      }
      if (event.event === 'group') this.changesOf(event.group).push(event);
    });
  }

  /** So many lines of each protocol, all good. */
  static async start(each: number): Promise<Stand> {
    const plans = (['opcua', 'modbus'] as const).flatMap((kind) =>
      Array.from({ length: each }, (_, at) => ({ id: `${kind}${at + 1}`, kind })),
    );
    const ports = await freePorts(plans.length * 2);
    const dataDir = mkdtempSync(join(tmpdir(), 'outages-'));
    const epochMs = Date.now() - 1_000;
    const lines = plans.map((plan, at) => {
      const own = { device: ports[2 * at] ?? 0, line: ports[2 * at + 1] ?? 0 };
      return new Line(plan, own, { epochMs, dataDir });
    });
    const stand = new Stand(lines, dataDir, epochMs);
    try {
      await stand.#begin();
    } catch (error) {
      await stand.stop();
      throw error;
    }
    return stand;
  }

  async #begin(): Promise<void> {
    for (const line of this.lines) {
      await line.startDevice();
      await line.proxy.start();
      await line.measure(1);
    }
    const lines = this.lines.map(({ id, kind, proxy }) => ({ id, kind, port: proxy.port }));
    const plan = { lines, epochMs: this.#epochMs, dataDir: this.#dataDir };
    await this.plc.start(plan, ['--expose-gc']);
    await until('good values of every line', () => this.lines.every((line) => this.allGood(line)), {
      withinMs: FIRST_VALUES_MS,
      last: () => this.log.slice(-20).join('\n'),
    });
  }

  changesOf(group: string): Change[] {
    const changes = this.#changes.get(group) ?? [];
    this.#changes.set(group, changes);
    return changes;
  }

  stateOf(group: string): GroupState {
    return this.changesOf(group).at(-1)?.state ?? 'none';
  }

  allGood(line: Line): boolean {
    return line.groups.every(({ id }) => this.stateOf(id) === 'all');
  }

  /** Ends all processes, frozen ones too. */
  async stop(): Promise<void> {
    await this.plc.end('SIGTERM');
    for (const line of this.lines) {
      await line.device.end('SIGKILL');
      await line.proxy.stop();
    }
    rmSync(this.#dataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Stops the drivers for good; gives what the controller's end still holds then. */
  resourcesAfterStop(): Promise<Resources> {
    return this.plc.ask('stop', null);
  }
}
