import type { OpcUaConnection } from '../../model/connection.ts';
import type { Driver, DriverContext, FieldWrite } from '../driver.ts';
import { ReportedValues } from '../reported-values.ts';
import { hearLibrary } from './library-log.ts';
import type { OpcUaDriverOptions } from './opcua-run.ts';
import { OpcUaRun } from './opcua-run.ts';

/**
 * The driver of one OPC UA connection: one subscription with every tag in it, writes read back, and
 * a watchdog that takes three missing keep-alives for a lost server and begins anew with a fresh
 * client.
 */
export function createOpcUaDriver(
  context: DriverContext<OpcUaConnection>,
  options: OpcUaDriverOptions,
): Driver {
  const values = new ReportedValues(context.sink);
  let run: OpcUaRun | null = null;
  let ended = Promise.resolve();
  return {
    connection: context.connection.id,
    start(): void {
      hearLibrary(context.log);
      run ??= new OpcUaRun(context, values, options);
      run.start();
    },
    stop(): Promise<void> {
      const last = run;
      run = null;
      if (last !== null) ended = Promise.all([ended, last.stop()]).then(() => undefined);
      return ended;
    },
    write(writes: readonly FieldWrite[]): void {
      if (run !== null) {
        run.write(writes);
        return;
      }
      for (const write of writes) {
        context.sink.written({ ...write, ok: false, error: 'the driver is stopped' });
      }
    },
  };
}
