/** Goal: an OPC UA server, a line to it that can be broken, and a driver, torn down together. */
import { join } from 'node:path';
import type { Driver } from '../../plc/drivers/driver.ts';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { OpcUaConnection } from '../../plc/model/connection.ts';
import type { TagDefinition } from '../../plc/model/tag.ts';
import { countingClock } from './driver-clock.ts';
import { contextOf } from './driver-field.ts';
import { OPCUA_NODES, OPCUA_TAGS, opcUaConnection } from './driver-opcua-field.ts';
import type { OpcUaTestNode, OpcUaTestOptions } from './driver-opcua-server.ts';
import { OpcUaTestServer, TEST_PKI } from './driver-opcua-server.ts';
import { FreezingProxy } from './driver-proxy.ts';
import { DriverRecorder } from './driver-recorder.ts';
import { until } from './until.ts';

export interface OpcUaBenchOptions extends OpcUaTestOptions {
  readonly tags?: readonly TagDefinition[];
  readonly nodes?: readonly OpcUaTestNode[];
  readonly connection?: Partial<OpcUaConnection>;
  /** Name of the client's folder of certificates. */
  readonly client?: string;
}

export class OpcUaBench {
  readonly told = new DriverRecorder();
  readonly clock = countingClock();
  readonly server: OpcUaTestServer;
  readonly pkiFolder: string;
  readonly #options: OpcUaBenchOptions;
  readonly #tags: readonly TagDefinition[];
  #line: FreezingProxy | null = null;
  #driver: Driver | null = null;

  constructor(options: OpcUaBenchOptions = {}) {
    this.#options = options;
    this.#tags = options.tags ?? OPCUA_TAGS;
    this.server = new OpcUaTestServer(options.nodes ?? OPCUA_NODES, options);
    this.pkiFolder = join(TEST_PKI, options.client ?? 'client');
  }

  get line(): FreezingProxy {
    if (this.#line === null) throw new Error('the bench is not started');
    return this.#line;
  }

  get driver(): Driver {
    if (this.#driver === null) throw new Error('the bench is not started');
    return this.#driver;
  }

  /** Starts server, line and driver. */
  async start(): Promise<this> {
    await this.server.start();
    this.#line = new FreezingProxy(this.server.port);
    await this.#line.start();
    this.startDriver(this.#line.port);
    return this;
  }

  /** Only the driver, towards whatever listens on the port. */
  startDriver(port: number): void {
    const url = `opc.tcp://127.0.0.1:${port}`;
    const connection = opcUaConnection(url, this.#options.connection);
    const context = contextOf(connection, this.#tags, this.told, this.clock);
    const { pkiFolder } = this;
    this.#driver = createOpcUaDriver(context, { random: () => 0.5, pkiFolder });
    this.#driver.start();
  }

  allGood(): boolean {
    return this.#tags.every(({ name }) => this.told.qualityOf(name) === 'good');
  }

  noneGood(): boolean {
    return this.#tags.every(({ name }) => this.told.qualityOf(name) !== 'good');
  }

  says(text: string): boolean {
    return this.told.lines.some((line) => line.includes(text));
  }

  /** Waits for at most 5 s unless told, the time in which a mill may be left without knowing. */
  soon(what: string, condition: () => boolean, withinMs = 5_000): Promise<true> {
    return until(what, () => condition() || null, {
      withinMs,
      everyMs: 10,
      last: () => this.told.lines.join('\n'),
    });
  }

  async stop(): Promise<void> {
    await this.#driver?.stop();
    await this.#line?.stop();
    await this.server.stop();
  }
}
