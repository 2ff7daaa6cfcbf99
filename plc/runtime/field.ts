import type { Driver, DriverContext, DriverSink, LinkHealth } from '../drivers/driver.ts';
import type { Mill } from '../mill/definition.ts';
import { modbusUnits, onlineTagName } from '../mill/expand.ts';
import { linkPoints } from '../mill/link-tags.ts';
import type { ConnectionDefinition } from '../model/connection.ts';
import type { TagValue } from '../model/tag.ts';
import type { Clock } from './clock.ts';
import type { InputImage } from './input-image.ts';
import type { Log } from './log.ts';
import type { OutputImage, Writes } from './output-image.ts';

/** Makes the driver of a connection; `main.ts` and tests choose which. */
export type DriverFactory = (context: DriverContext<ConnectionDefinition>) => Driver;

export interface FieldParts {
  readonly mill: Mill;
  readonly inputs: InputImage;
  readonly outputs: OutputImage;
  readonly clock: Clock;
  readonly log: Log;
  readonly createDriver: DriverFactory;
  /** Takes values of the past for history. */
  readonly backfill: (tag: string, values: readonly TagValue[]) => void;
}

/** All connections of the mill: their drivers, what they deliver, and how they are. */
export class Field {
  readonly #parts: FieldParts;
  readonly #drivers: readonly Driver[];
  readonly #health = new Map<string, LinkHealth>();

  constructor(parts: FieldParts) {
    this.#parts = parts;
    this.#drivers = parts.mill.connections.map((one) => parts.createDriver(this.#contextOf(one)));
  }

  /** State of every connection and Modbus unit that has reported one. */
  get health(): readonly LinkHealth[] {
    return [...this.#health.values()];
  }

  start(): void {
    const { mill, inputs, clock } = this.#parts;
    const offline = linkPoints(mill, modbusUnits(mill)).map(({ connection, unitId }) =>
      onlineTagName(connection, unitId),
    );
    const value = { quality: 'good', value: false, ...stamp(clock.utcMs()) } as const;
    inputs.deliver(
      offline.map((tag) => ({ tag, value })),
      clock.realMs(),
    );
    for (const driver of this.#drivers) driver.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.#drivers.map((driver) => driver.stop()));
  }

  send(writes: Writes): void {
    for (const driver of this.#drivers) {
      const own = writes.get(driver.connection);
      if (own !== undefined) driver.write(own);
    }
  }

  #contextOf(connection: ConnectionDefinition): DriverContext<ConnectionDefinition> {
    const { mill, clock, log } = this.#parts;
    return {
      connection,
      tags: mill.tags.filter((tag) => tag.address?.connection === connection.id),
      sink: this.#sink(),
      clock: {
        nowMs: () => clock.utcMs(),
        setTimer: (callback, delayMs) => clock.setTimer(callback, delayMs),
      },
      log,
      speed: clock.speed,
    };
  }

  #sink(): DriverSink {
    const { inputs, outputs, clock, backfill } = this.#parts;
    return {
      samples: (samples) => inputs.deliver(samples, clock.realMs()),
      confirm: (tags) => inputs.confirm(tags, clock.realMs()),
      backfill,
      written: (result) => outputs.written(result),
      health: (health) => this.#judge(health),
    };
  }

  #judge(health: LinkHealth): void {
    const { inputs, outputs, clock, log } = this.#parts;
    const { connection, unitId, online, lastError } = health;
    const tag = onlineTagName(connection, unitId);
    if (this.#health.get(tag)?.online !== online) {
      const state = online ? 'is up' : 'is down';
      log.info(`link ${connection}${unitId === null ? '' : ` unit ${unitId}`} ${state}`, {
        lastError,
      });
    }
    this.#health.set(tag, health);
    const value = { quality: 'good', value: online, ...stamp(clock.utcMs()) } as const;
    inputs.deliver([{ tag, value }], clock.realMs());
    outputs.online(connection, unitId, online);
  }
}

function stamp(utcMs: number): { sourceTimeMs: number; receivedTimeMs: number } {
  return { sourceTimeMs: utcMs, receivedTimeMs: utcMs };
}
