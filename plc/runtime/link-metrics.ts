import { Counter, Gauge, type Registry } from 'prom-client';
import type { LinkHealth } from '../drivers/driver.ts';

type Figure = readonly [name: string, help: string, read: (of: LinkHealth) => number | null];

/** Counts since the driver's start. */
const COUNTS: readonly Figure[] = [
  ['plc_driver_requests_total', 'Requests that were answered', (of) => of.requests],
  ['plc_driver_late_replies_total', 'Requests not answered in time', (of) => of.lateReplies],
  ['plc_driver_overruns_total', 'Scans or publishes left out', (of) => of.overruns],
  ['plc_driver_overflows_total', 'Values that the field threw away', (of) => of.overflows],
  ['plc_driver_reconnects_total', 'Times it came back', (of) => of.reconnects],
  ['plc_driver_server_restarts_total', 'Restarts of the server', (of) => of.serverRestarts],
];

const FIGURES: readonly Figure[] = [
  ['plc_driver_online', '1 while the connection or unit answers', (of) => Number(of.online)],
  [
    'plc_driver_since_seconds',
    'When it came up or was lost, Unix time',
    (of) => of.sinceMs / 1_000,
  ],
  ['plc_driver_round_trip_ms', 'Median round trip of the last while', (of) => of.roundTripP50Ms],
  [
    'plc_driver_round_trip_p99_ms',
    '99 % of the round trips are shorter',
    (of) => of.roundTripP99Ms,
  ],
  ['plc_driver_clock_skew_ms', "The server's clock minus ours", (of) => of.skewMs],
  ['plc_driver_unmonitored_tags', 'Tags not delivered', (of) => of.unmonitored.length],
  ['plc_driver_unprotected', '1 while commands go out unprotected', (of) => Number(of.unprotected)],
  [
    'plc_driver_certificate_ends_seconds',
    'When the first certificate ends, Unix time',
    (of) => (of.certificateEndsMs === null ? null : of.certificateEndsMs / 1_000),
  ],
];

const labelNames = ['connection', 'unit'] as const;

/**
 * All figures of all links, read when somebody asks. `unit` is empty for a connection itself. What
 * is not known of a link has no line, rather than one that says 0.
 */
export function linkMetrics(registry: Registry, health: () => readonly LinkHealth[]): void {
  const registers = [registry];
  const all = (read: Figure[2], tell: (labels: LinkLabels, value: number) => void): void => {
    for (const one of health()) {
      const value = read(one);
      const labels = { connection: one.connection, unit: String(one.unitId ?? '') };
      if (value !== null) tell(labels, value);
    }
  };
  for (const [name, help, read] of FIGURES) {
    const made: Gauge<'connection' | 'unit'> = new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect: () => {
        made.reset();
        all(read, (labels, value) => made.set(labels, value));
      },
    });
  }
  for (const [name, help, read] of COUNTS) {
    const made: Counter<'connection' | 'unit'> = new Counter({
      name,
      help,
      labelNames,
      registers,
      collect: () => {
        made.reset();
        all(read, (labels, value) => made.inc(labels, value));
      },
    });
  }
}

type LinkLabels = Readonly<Record<(typeof labelNames)[number], string>>;
