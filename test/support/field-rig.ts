/**
 * Goal: the controller's end of one connection as a person sees it: real driver, real clock, the
 * image behind them and a scan, without machines.
 */
import { createModbusDriver } from '../../plc/drivers/modbus/modbus-driver.ts';
import { createOpcUaDriver } from '../../plc/drivers/opcua/opcua-driver.ts';
import type { ConnectionDefinition } from '../../plc/model/connection.ts';
import type { TagDefinition, TagValue } from '../../plc/model/tag.ts';
import { UNKNOWN } from '../../plc/model/tag.ts';
import type { Clock } from '../../plc/runtime/clock.ts';
import { realClock } from '../../plc/runtime/clock.ts';
import { Field } from '../../plc/runtime/field.ts';
import { InputImage } from '../../plc/runtime/input-image.ts';
import { OutputImage } from '../../plc/runtime/output-image.ts';
import { ScanLoop } from '../../plc/runtime/scan-loop.ts';
import { TagIndex } from '../../plc/runtime/tag-index.ts';
import { OPCUA_OPTIONS } from './driver-opcua-field.ts';
import { outageMill } from './outages/outage-mill.ts';
import { until } from './until.ts';

export class FieldRig {
  readonly lines: string[] = [];
  /** A driver whose timers never fire: it hangs. */
  driverHangs = false;
  readonly #index: TagIndex;
  readonly #inputs: InputImage;
  readonly #field: Field;
  readonly #loop: ScanLoop;

  constructor(connection: ConnectionDefinition, tags: readonly TagDefinition[]) {
    const mill = { ...outageMill([]), connections: [connection], tags };
    const clock = realClock();
    this.#index = new TagIndex(mill);
    const inputs = new InputImage(this.#index);
    this.#inputs = inputs;
    const outputs = new OutputImage(this.#index, inputs);
    const say = (message: string, details?: object) =>
      void this.lines.push(`${message} ${JSON.stringify(details)}`);
    this.#field = new Field({
      mill,
      inputs,
      outputs,
      clock: this.#hangable(clock),
      log: { info: say, warn: say, error: say },
      backfill: () => undefined,
      createDriver: (context) => {
        const { connection: one } = context;
        return one.kind === 'opcua'
          ? createOpcUaDriver({ ...context, connection: one }, OPCUA_OPTIONS)
          : createModbusDriver({ ...context, connection: one }, OPCUA_OPTIONS);
      },
    });
    this.#loop = new ScanLoop(clock, () => inputs.freeze(clock.realMs()));
  }

  start(): void {
    this.#field.start();
    this.#loop.start();
  }

  async stop(): Promise<void> {
    this.driverHangs = false;
    await this.#field.stop();
    this.#loop.stop();
  }

  value(tag: string): TagValue {
    const index = this.#index.find(tag);
    return index === undefined ? UNKNOWN : this.#inputs.value(index);
  }

  /** Waits until each of the tags has this quality, or one of another quality. */
  async until(
    tags: readonly string[],
    quality: 'good' | 'bad' | 'uncertain' | 'stale' | 'not good',
    withinMs = 5_000,
  ): Promise<void> {
    const fits = (tag: string): boolean => {
      const found = this.value(tag).quality;
      return quality === 'not good' ? found !== 'good' : found === quality;
    };
    await until(`${quality} values`, () => tags.every(fits), {
      withinMs,
      everyMs: 20,
      last: () => this.lines.join('\n'),
    });
  }

  #hangable(clock: Clock): Clock {
    return {
      ...clock,
      setTimer: (callback, delayMs) =>
        clock.setTimer(() => {
          if (!this.driverHangs) callback();
        }, delayMs),
    };
  }
}
