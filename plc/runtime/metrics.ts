import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Controller } from './controller.ts';
import { linkMetrics } from './link-metrics.ts';
import type { ScanReport } from './scan.ts';

/** Prometheus metrics of the controller process. */
export interface ControllerMetrics {
  scanned(report: ScanReport, lateMs: number, tookMs: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** Gauges that are read from the controller when somebody asks. */
function readOnDemand(registry: Registry, controller: Controller, peers: () => number): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    const made: Gauge = new Gauge({
      name,
      help,
      registers: [registry],
      collect: () => made.set(read()),
    });
  };
  gauge('plc_spool_rows', 'Rows not yet in the database', () => controller.persistence.fill.rows);
  gauge('plc_spool_bytes', 'Bytes of these rows', () => controller.persistence.fill.bytes);
  gauge('plc_spool_dropped', 'Rows given up since the spool was made', () => {
    const { fill, dropped } = controller.persistence;
    return fill.dropped + dropped;
  });
  gauge('plc_commits', 'Commits to the store', () => controller.persistence.commits);
  gauge('plc_commits_failed', 'Commits the disk refused', () => {
    return controller.persistence.failedCommits;
  });
  gauge('plc_commit_ms', 'Duration of the last commit', () => controller.persistence.lastCommitMs);
  gauge('plc_alarms', 'Alarms that are not normal', () => controller.alarms.length);
  gauge('plc_link_peers', 'Connected servers', peers);
}

export function controllerMetrics(controller: Controller, peers: () => number): ControllerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const buckets = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
  const late = new Histogram({
    name: 'plc_scan_late_ms',
    help: 'How much later than due a scan began',
    buckets,
    registers,
  });
  const took = new Histogram({
    name: 'plc_scan_duration_ms',
    help: 'How long a scan took',
    buckets: [0.05, 0.1, 0.2, ...buckets],
    registers,
  });
  const events = new Counter({
    name: 'plc_machine_events_total',
    help: 'Events sent to machines',
    registers,
  });
  readOnDemand(registry, controller, peers);
  linkMetrics(registry, () => controller.health);
  return {
    scanned: (report, lateMs, tookMs) => {
      late.observe(lateMs);
      took.observe(tookMs);
      events.inc(report.events);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
