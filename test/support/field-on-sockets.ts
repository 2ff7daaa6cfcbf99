import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overrideConnections } from '../../plc/mill/connection-overrides.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { SimulatedField } from '../../simulators/field.ts';
import { createState } from '../../simulators/process/index.ts';
import { freePorts } from './ports.ts';

const TURN_MS = 10;

/** The pilot mill's simulated field on free ports of this machine, running in real time. */
export class FieldOnSockets {
  readonly field: SimulatedField;
  readonly ports: Readonly<Record<'field' | 'scales' | 'drives' | 'bagging', number>>;
  private readonly folder: string;
  private turn: NodeJS.Timeout | null = null;

  private constructor(field: SimulatedField, ports: FieldOnSockets['ports'], folder: string) {
    this.field = field;
    this.ports = ports;
    this.folder = folder;
  }

  static async start(): Promise<FieldOnSockets> {
    const folder = mkdtempSync(join(tmpdir(), 'simulator-'));
    const [opc = 0, scales = 0, drives = 0, bagging = 0] = await freePorts(4);
    const mill = overrideConnections(pilot, {
      CONNECTION_FIELD: `opc.tcp://127.0.0.1:${opc}`,
      CONNECTION_SCALES: `127.0.0.1:${scales}`,
      CONNECTION_DRIVES: `127.0.0.1:${drives}`,
      CONNECTION_BAGGING: `127.0.0.1:${bagging}`,
    });
    const field = new SimulatedField(mill, createState(mill, 1), {
      pkiFolder: folder,
      utcMs: Date.now,
      problem: (message) => {
        throw new Error(message);
      },
    });
    const ports = { field: opc, scales, drives, bagging };
    const started = new FieldOnSockets(field, ports, folder);
    await field.start();
    let lastMs = performance.now();
    started.turn = setInterval(() => {
      const nowMs = performance.now();
      field.advance(nowMs - lastMs);
      field.publish();
      lastMs = nowMs;
    }, TURN_MS);
    return started;
  }

  get opcUrl(): string {
    return `opc.tcp://127.0.0.1:${this.ports.field}`;
  }

  async stop(): Promise<void> {
    if (this.turn !== null) clearInterval(this.turn);
    await this.field.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
