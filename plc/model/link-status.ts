import type { LinkTrouble } from './link-trouble.ts';

/** So many names of missing tags are told one by one; the rest is a number. */
export const MISSING_TAGS_TOLD_MAX = 200;

/**
 * How one connection, or one Modbus unit behind it, is doing: what the link doctor shows. Counts
 * are since the controller's start. Figures are told when they differ enough to be seen, so a link
 * that goes on well says nothing.
 */
export interface LinkStatus {
  readonly connection: string;
  /** null: the connection itself. */
  readonly unitId: number | null;
  readonly protocol: 'opcua' | 'modbus';
  /** Where it is looked for, as the controller was told: overrides included. */
  readonly address: string;
  readonly online: boolean;
  /** When it came up or was lost, ms UTC; null while nothing was heard of it yet. */
  readonly sinceMs: number | null;
  /** The last error, which may be over: what it means, and the words of the library. */
  readonly trouble: LinkTrouble | null;
  readonly lastError: string | null;
  readonly requestsPerS: number | null;
  readonly roundTripP50Ms: number | null;
  readonly roundTripP99Ms: number | null;
  readonly lateReplies: number;
  readonly latePerMin: number;
  readonly overruns: number;
  readonly overflows: number;
  readonly reconnects: number;
  readonly serverRestarts: number;
  /** The server's clock minus the controller's, ms; null where it tells no time. */
  readonly skewMs: number | null;
  /** Tags that the field does not deliver: how many, and the first of them. */
  readonly unmonitored: { readonly count: number; readonly tags: readonly string[] };
  /** Anybody on the network could send commands in our name (OPC UA without security). */
  readonly unprotected: boolean;
  readonly certificateEndsMs: number | null;
}
