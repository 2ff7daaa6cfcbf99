import type { Mill } from '../plc/mill/definition.ts';
import { modbusUnits } from '../plc/mill/expand.ts';
import type { MillState } from './process/index.ts';
import { measure, safeConnections, step } from './process/index.ts';
import type { FieldServer } from './servers/image.ts';
import { FieldImage } from './servers/image.ts';
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

/** The simulated mill on its network: physics, image and servers. Who owns it gives it the time. */
export class SimulatedField {
  readonly state: MillState;
  readonly image: FieldImage;
  readonly servers: ReadonlyMap<string, FieldServer>;
  private readonly opcua: readonly OpcUaFieldServer[];
  private safe = new Set<string>();

  constructor(mill: Mill, state: MillState, pkiFolder: string) {
    this.state = state;
    this.image = new FieldImage(mill);
    this.image.setInputs(measure(state));
    const opcua: OpcUaFieldServer[] = [];
    const servers = new Map<string, FieldServer>();
    for (const connection of mill.connections) {
      if (connection.kind === 'opcua') {
        const server = new OpcUaFieldServer(connection, mill, this.image, pkiFolder);
        opcua.push(server);
        servers.set(connection.id, server);
        continue;
      }
      const units = modbusUnits(mill)
        .filter((unit) => unit.connection === connection.id)
        .map(({ unitId }) => {
          const tags = mill.tags.filter((tag) => tag.address?.connection === connection.id);
          return new ModbusUnit(unitId, tags, this.image);
        });
      servers.set(connection.id, new ModbusServer(connection, units));
    }
    this.opcua = opcua;
    this.servers = servers;
  }

  async start(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.start()));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.servers.values()].map((server) => server.stop()));
  }

  /**
   * Simulates so much real time, at the mill's speed. A controller that goes safe drops its
   * outputs.
   */
  advance(realMs: number): void {
    const { speed } = this.state;
    const catchUpMs = Math.max(CATCH_UP_PROCESS_MS_MAX, CATCH_UP_REAL_MS_MIN * speed);
    const dueMs = Math.min(catchUpMs, Math.max(0, realMs) * speed);
    step(this.state, this.image.outputs, dueMs);
    this.image.setInputs(measure(this.state));
    const safe = safeConnections(this.state);
    for (const connection of safe) {
      if (!this.safe.has(connection)) this.image.clearOutputs(connection);
    }
    this.safe = safe;
  }

  /** Shows the OPC UA clients what changed. Modbus clients read the image when they ask. */
  publish(): void {
    for (const server of this.opcua) server.publish();
  }
}
