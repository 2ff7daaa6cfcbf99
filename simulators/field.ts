import type { Mill } from '../plc/mill/definition.ts';
import { modbusUnits } from '../plc/mill/expand.ts';
import { conditionOf } from './faults/link-condition.ts';
import { FieldCore } from './field-core.ts';
import type { MillState } from './process/index.ts';
import type { FieldImage, FieldServer } from './servers/image.ts';
import { ModbusServer } from './servers/modbus-server.ts';
import { ModbusUnit } from './servers/modbus-unit.ts';
import { OpcUaFieldServer } from './servers/opcua-server.ts';

/**
 * What one turn makes up for at most: a second of the process, or at high speeds three turns. What
 * a machine that stood still missed beyond that is not simulated: a controller that stood still
 * with it must find the mill as it left it.
 */
const CATCH_UP_PROCESS_MS_MAX = 1_000;
const CATCH_UP_REAL_MS_MIN = 30;

export interface FieldOptions {
  /** Folder of the servers' certificates. */
  readonly pkiFolder: string;
  /** The time of day, for the time stamps of a server whose clock is wrong. */
  readonly utcMs: () => number;
  /** Told when a server cannot do what it should; whoever runs the machine must act. */
  readonly problem: (message: string) => void;
}

function modbusServer(connection: Extract<Mill['connections'][number], { kind: 'modbus' }>) {
  return (mill: Mill, core: FieldCore): ModbusServer => {
    const tags = mill.tags.filter((tag) => tag.address?.connection === connection.id);
    const units = modbusUnits(mill)
      .filter((unit) => unit.connection === connection.id)
      .map(({ unitId }) => new ModbusUnit(unitId, tags, core.image));
    return new ModbusServer(connection, units);
  };
}

/** The simulated mill on its network. Who owns it gives it the time. */
export class SimulatedField {
  readonly core: FieldCore;
  readonly servers: ReadonlyMap<string, FieldServer>;
  private readonly opcua: readonly OpcUaFieldServer[];
  private readonly problem: (message: string) => void;
  private running = false;
  private realMs = 0;
  private faultsSeen = -1;
  private work: Promise<void> = Promise.resolve();

  constructor(mill: Mill, state: MillState, options: FieldOptions) {
    this.core = new FieldCore(mill, state);
    this.problem = options.problem;
    const opcua: OpcUaFieldServer[] = [];
    const servers = new Map<string, FieldServer>();
    for (const connection of mill.connections) {
      if (connection.kind === 'opcua') {
        const server = new OpcUaFieldServer(connection, mill, this.core.image, options);
        opcua.push(server);
        servers.set(connection.id, server);
      } else servers.set(connection.id, modbusServer(connection)(mill, this.core));
    }
    this.opcua = opcua;
    this.servers = servers;
  }

  get state(): MillState {
    return this.core.state;
  }

  get image(): FieldImage {
    return this.core.image;
  }

  /** Starts every server that no fault keeps down. @throws when one cannot listen. */
  async start(): Promise<void> {
    this.running = true;
    this.tellServers();
    await Promise.all(
      [...this.servers.values()].map((server) => (this.isDown(server) ? null : server.start())),
    );
  }

  async stop(): Promise<void> {
    this.running = false;
    await this.work;
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }

  /** Simulates so much real time, at the mill's speed. */
  advance(realMs: number): void {
    const { speed, faults } = this.state;
    const passedMs = Math.max(0, realMs);
    const catchUpMs = Math.max(CATCH_UP_PROCESS_MS_MAX, CATCH_UP_REAL_MS_MIN * speed);
    this.core.step(Math.min(catchUpMs, passedMs * speed));
    this.realMs += passedMs;
    faults.pass(passedMs, true);
    this.applyFaults();
    for (const server of this.servers.values()) server.pass(this.realMs);
  }

  /** Shows the OPC UA clients what changed. Modbus clients read the image when they ask. */
  publish(): void {
    for (const server of this.opcua) server.publish();
  }

  /** Waits until the servers are as the faults have them. */
  async settled(): Promise<void> {
    this.applyFaults();
    await this.work;
  }

  private isDown({ connection }: FieldServer): boolean {
    return conditionOf(this.state.faults.all, connection).down;
  }

  /** Tells the servers what is wrong with their links, when that has changed. */
  private applyFaults(): void {
    if (this.state.faults.revision === this.faultsSeen) return;
    this.tellServers();
    const servers = [...this.servers.values()];
    if (!servers.some((server) => server.up === this.isDown(server))) return;
    this.work = this.work.then(() => this.bringInLine());
  }

  private tellServers(): void {
    const { faults } = this.state;
    this.faultsSeen = faults.revision;
    for (const server of this.servers.values()) {
      server.setCondition(conditionOf(faults.all, server.connection));
    }
  }

  private async bringInLine(): Promise<void> {
    for (const server of this.servers.values()) {
      const wanted = this.running && !this.isDown(server);
      if (wanted === server.up) continue;
      try {
        await (wanted ? server.start() : server.stop());
      } catch (error) {
        this.problem(`${server.connection}: ${(error as Error).message}`);
      }
    }
  }
}
