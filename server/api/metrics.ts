import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { StorageSource } from './routes/storage.ts';

/** Figures that are read when Prometheus asks. */
export interface MetricSources {
  readonly linkConnected: () => boolean;
  readonly databaseUp: () => boolean;
  /** How old the last frame of the controller is, s; the scan rate when all is well. */
  readonly frameAgeS: () => number;
  readonly rowsStored: () => number;
  readonly rowsQuarantined: () => number;
  readonly samplesSetAside: () => number;
  readonly liveClients: () => number;
  readonly alarmsActive: () => number;
  readonly storage: StorageSource;
}

/**
 * The server's own figures. Each instance has its own registry, so that two servers fit in one
 * process.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #http: Histogram<'method' | 'route' | 'status'>;
  readonly #auditLost: Counter;

  constructor(sources: MetricSources) {
    const registers = [this.#registry];
    this.#http = new Histogram({
      name: 'mill_http_request_seconds',
      help: 'Time of a REST request, s',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
      registers,
    });
    this.#auditLost = new Counter({
      name: 'mill_audit_lost_total',
      help: 'Audit entries that could not be written, each an error in the log',
      registers,
    });
    const gauge = (name: string, help: string, read: () => number) =>
      new Gauge({
        name,
        help,
        registers,
        collect() {
          this.set(read());
        },
      });
    gauge('mill_link_connected', '1 while the controller is reached', () =>
      Number(sources.linkConnected()),
    );
    gauge('mill_database_up', '1 while the database answers', () => Number(sources.databaseUp()));
    gauge('mill_frame_age_seconds', 'Age of the last frame', sources.frameAgeS);
    gauge('mill_live_clients', 'Connected screens', sources.liveClients);
    gauge('mill_alarms_active', 'Alarm occurrences that are not normal', sources.alarmsActive);
    gauge('mill_rows_stored', 'Records stored since the start', sources.rowsStored);
    gauge('mill_rows_quarantined', 'Records set aside since the start', sources.rowsQuarantined);
    storageGauges(gauge, sources.storage);
    gauge('mill_samples_set_aside', 'Samples of no tag or time', sources.samplesSetAside);
    collectDefaultMetrics({ register: this.#registry });
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  observeHttp(method: string, route: string, status: number, seconds: number): void {
    this.#http.observe({ method, route, status: String(status) }, seconds);
  }

  countAuditLost(): void {
    this.#auditLost.inc();
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** Not a number: not known, which Prometheus shows as such. */
function storageGauges(
  gauge: (name: string, help: string, read: () => number) => void,
  storage: StorageSource,
): void {
  const known = (value: number | null | undefined) => value ?? Number.NaN;
  gauge('mill_database_bytes', 'Size of the database', () => known(storage().databaseBytes));
  gauge('mill_disk_used_bytes', 'Of the disk under the database', () =>
    known(storage().disk?.usedBytes),
  );
  gauge('mill_disk_total_bytes', 'Of the disk under the database', () =>
    known(storage().disk?.totalBytes),
  );
  gauge('mill_disk_days_left', 'Days until that disk is full, as it lately grew', () =>
    known(storage().forecast?.daysLeft),
  );
  gauge('mill_backup_age_hours', 'Since the last backup', () => known(storage().backupAgeH));
  gauge(
    'mill_jobs_in_trouble',
    'Maintenance jobs that failed or are overdue',
    () => storage().jobs.filter(({ inTrouble }) => inTrouble).length,
  );
}
