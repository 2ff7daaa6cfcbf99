import { z } from 'zod';
import { occurrenceSchema } from '../link/contract.ts';
import type { StoredSnapshot } from '../store/store.ts';
import type { AlarmEngine, KeptAlarm } from './alarm-engine.ts';
import type { Log } from './log.ts';
import type { MachineHost } from './machine-host.ts';
import type { Scan, ScanTimes } from './scan.ts';

/** What the controller itself keeps beside the machines: process time and alarms. */
export const CONTROLLER_ID = 'PLC';
const VERSION = 1;

const keptSchema = z.strictObject({
  nowMs: z.number().nonnegative(),
  alarms: z.array(
    z.strictObject({ occurrence: occurrenceSchema, raisedBy: z.array(z.string()).max(1_000) }),
  ),
});
export type KeptController = z.infer<typeof keptSchema>;

/** The controller's own snapshot for the store. */
export function keepController(nowMs: number, alarms: readonly KeptAlarm[]): StoredSnapshot {
  const body = JSON.stringify({ nowMs: Math.round(nowMs), alarms });
  return { id: CONTROLLER_ID, version: VERSION, body };
}

/**
 * The controller's own part of what was kept; its beginning when there is none that can be read.
 */
export function keptController(snapshots: readonly StoredSnapshot[], log: Log): KeptController {
  const stored = snapshots.find((one) => one.id === CONTROLLER_ID && one.version === VERSION);
  if (stored === undefined) return { nowMs: 0, alarms: [] };
  const parsed = keptSchema.safeParse(JSON.parse(stored.body));
  if (parsed.success) return parsed.data;
  log.error('alarms and process time of the last run cannot be read and begin anew', {
    fault: z.prettifyError(parsed.error),
  });
  return { nowMs: 0, alarms: [] };
}

/**
 * Starts every machine from what was kept. One whose snapshot cannot be restored starts anew, and
 * says so: the work it had is lost to it, its records are not.
 */
export function startMachines(
  hosts: readonly MachineHost[],
  scan: Scan,
  snapshots: readonly StoredSnapshot[],
  times: ScanTimes,
  log: Log,
): void {
  const byId = new Map(snapshots.map((one) => [one.id, one]));
  for (const host of hosts) {
    const { id, version } = host.spec;
    const stored = byId.get(id);
    if (stored !== undefined && stored.version !== version) {
      const versions = { machine: id, stored: stored.version, version };
      log.warn(`machine ${id} begins anew: its snapshot is of another version`, versions);
    }
    try {
      const { outputs, restored } = startOne(host, stored, log);
      scan.begin(id, outputs, restored, times);
    } catch (error) {
      scan.failed(id, error);
    }
  }
}

function startOne(host: MachineHost, stored: StoredSnapshot | undefined, log: Log) {
  try {
    return host.start(stored);
  } catch (error) {
    if (stored === undefined) throw error;
    log.error(`machine ${host.spec.id} begins anew: its snapshot cannot be restored`, {
      machine: host.spec.id,
      error: String(error),
    });
    return host.start(undefined);
  }
}

/** Takes up the alarms; those that a machine without memory had raised have returned. */
export function restoreAlarms(
  alarms: AlarmEngine,
  kept: readonly KeptAlarm[],
  hosts: readonly MachineHost[],
  times: ScanTimes,
): void {
  const remember = new Set(
    hosts.filter((one) => one.spec.persistence === 'restored').map((one) => one.spec.id),
  );
  alarms.restore(kept, (machine) => remember.has(machine), times);
}
