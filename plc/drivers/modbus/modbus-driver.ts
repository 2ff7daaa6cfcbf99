import type { ModbusConnection } from '../../model/connection.ts';
import type { Driver, DriverContext, FieldWrite } from '../driver.ts';
import { ReportedValues } from '../reported-values.ts';
import { ModbusSession } from './modbus-session.ts';

/** What a Modbus driver needs besides its context. */
export interface ModbusDriverOptions {
  /** A number in 0..1, anew at each call; spreads the retries of many clients. */
  readonly random: () => number;
}

/**
 * The driver of one Modbus TCP connection: one socket, one request in flight, writes before reads,
 * registers read in as few requests as the device's limits allow, and every write read back.
 * Several units may answer behind the socket; a silent one makes only its own tags bad and is asked
 * again with patience that does not slow the others.
 */
export function createModbusDriver(
  context: DriverContext<ModbusConnection>,
  options: ModbusDriverOptions,
): Driver {
  const values = new ReportedValues(context.sink);
  let session: ModbusSession | null = null;
  let ended = Promise.resolve();
  return {
    connection: context.connection.id,
    start(): void {
      session ??= new ModbusSession(context, values, options.random);
      session.start();
    },
    stop(): Promise<void> {
      const last = session;
      session = null;
      if (last !== null) ended = Promise.all([ended, last.stop()]).then(() => undefined);
      return ended;
    },
    write(writes: readonly FieldWrite[]): void {
      if (session !== null) {
        session.write(writes);
        return;
      }
      for (const write of writes) {
        context.sink.written({ ...write, ok: false, error: 'the driver is stopped' });
      }
    },
  };
}
