import { X509Certificate } from 'node:crypto';
import type {
  ClientSession,
  ClientSessionPublishService,
  ClientSessionRawSubscriptionService,
  OPCUACertificateManager,
} from 'node-opcua';
import { OPCUAClient } from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type { DriverClock, DriverLog } from '../driver.ts';
import { within } from '../within.ts';
import type { EndpointSecurity } from './endpoint-security.ts';
import { chooseSecurity, UNPROTECTED } from './endpoint-security.ts';
import { credentialsOf } from './identity.ts';
import type { OwnCertificate } from './own-certificate.ts';
import { APPLICATION_NAME, ownCertificate } from './own-certificate.ts';
import { certificatesOf } from './server-trust.ts';

/**
 * A secure channel must be had within this, ms: together with the longest back-off it is less than
 * the 5 s within which a server that has come back is to be heard again.
 */
const CONNECT_LIMIT_MS = 2_500;
/**
 * Any further step of connecting must be done within this, ms; small controllers reckon long at a
 * session.
 */
const STEP_LIMIT_MS = 5_000;
/** A farewell may take this long, ms. */
const FAREWELL_LIMIT_MS = 1_000;
/** A request without an answer fails after this, ms (the library takes no less). */
const TRANSACTION_TIMEOUT_MS = 5_000;
/**
 * The server forgets a session that is silent for this long, ms; short, for a session lost with its
 * connection still counts among the few that a small controller allows.
 */
const SESSION_TIMEOUT_MS = 15_000;
/** Making keys and a certificate, once in years, may take this long, ms. */
const CERTIFICATE_LIMIT_MS = 60_000;

/** What a client needs to reach its server. */
export interface FieldClientOptions {
  readonly connection: OpcUaConnection;
  /** Folder of the certificates of this connection; made when it is missing. */
  readonly pkiFolder: string;
  readonly clock: DriverClock;
  readonly log: DriverLog;
  /** Called once, when the connection or the session broke. */
  readonly onBroken: (reason: string) => void;
}

/** A session with the services that a subscription is made of. */
export type FieldSession = ClientSession &
  ClientSessionRawSubscriptionService &
  ClientSessionPublishService;

/** A session and how well it is protected. */
export interface OpenSession {
  readonly session: FieldSession;
  readonly unprotected: boolean;
  /** When the first certificate in use ends to be valid, ms UTC; null where none is in use. */
  readonly certificateEndsMs: number | null;
}

/**
 * One node-opcua client from its connection to its end. It never reconnects by itself (ADR 0011).
 */
export class FieldClient {
  readonly #options: FieldClientOptions;
  #client: OPCUAClient | null = null;
  #session: ClientSession | null = null;
  readonly #certificates: OPCUACertificateManager[] = [];
  readonly #ending = new AbortController();
  #isEnded = false;

  constructor(options: FieldClientOptions) {
    this.#options = options;
  }

  /**
   * Connects with the security and the identity that the connection asks for.
   * @throws {Error} when a step fails or takes too long; close the client then.
   */
  async open(): Promise<OpenSession> {
    const { connection, pkiFolder, clock, log } = this.#options;
    const { user, endsMs } = await credentialsOf(connection.identity, pkiFolder);
    const manager = this.#certificateStore(pkiFolder);
    const making = ownCertificate(manager, clock.nowMs());
    const own = await this.#step('making our certificate', making, CERTIFICATE_LIMIT_MS);
    if (own.isNew) {
      const about = { connection: connection.id, file: own.file };
      log.info('a new certificate of ours; servers that check it must be told to trust it', about);
    }
    let client = await this.#connect(UNPROTECTED, manager, own);
    const endpoints = await this.#step('asking for endpoints', client.getEndpoints());
    const security = chooseSecurity(endpoints, connection);
    const unprotected = security === UNPROTECTED;
    if (!unprotected) {
      await this.#step('ending the discovery', client.disconnect());
      client = await this.#connect(security, this.#certificateStore(pkiFolder), own);
    }
    client.on('connection_lost', () => this.#broken('the connection broke'));
    client.on('close', () => this.#broken('the connection was closed'));
    const session = await this.#step('opening a session', client.createSession(user));
    session.on('session_closed', () => this.#broken('the session was closed'));
    this.#session = session;
    const ends = unprotected ? [] : [own.endsMs, ...endOf(client.serverCertificate)];
    if (endsMs !== null) ends.push(endsMs);
    const certificateEndsMs = ends.length === 0 ? null : Math.min(...ends);
    // Every session of the library has them; its own type leaves them out.
    return { session: session as FieldSession, unprotected, certificateEndsMs };
  }

  /** Ends the session if the server is to be told (`isPolite`), and the socket in any case. */
  async close(isPolite: boolean): Promise<void> {
    this.#isEnded = true;
    this.#ending.abort();
    const [client, session] = [this.#client, this.#session];
    this.#client = null;
    this.#session = null;
    // A lost session too: until it is closed, the library tries its publishes ten times a second
    // and so keeps the session, its items and their values for ever. What it subscribed to is left
    // to the server then: it may be asked for again.
    const left = session === null ? null : this.#farewell(() => session.close(isPolite));
    if (isPolite) await left;
    if (client !== null) await this.#farewell(() => client.disconnect());
    await left;
    for (const one of this.#certificates.splice(0)) {
      // The library keeps a store for ever until its last user, and then its maker, disposes of it;
      // a client that never was connected forgets to.
      one.referenceCounter = 0;
      await this.#farewell(() => one.dispose());
    }
  }

  #certificateStore(pkiFolder: string): OPCUACertificateManager {
    const store = certificatesOf(pkiFolder);
    this.#certificates.push(store);
    return store;
  }

  async #connect(
    { policy, mode }: EndpointSecurity,
    clientCertificateManager: OPCUACertificateManager,
    { file, applicationUri }: OwnCertificate,
  ): Promise<OPCUAClient> {
    const { connection } = this.#options;
    const client = OPCUAClient.create({
      applicationName: APPLICATION_NAME,
      applicationUri,
      clientName: connection.id,
      clientCertificateManager,
      certificateFile: file,
      securityPolicy: policy,
      securityMode: mode,
      endpointMustExist: false,
      connectionStrategy: { maxRetry: 0 },
      keepPendingSessionsOnDisconnect: true,
      requestedSessionTimeout: SESSION_TIMEOUT_MS,
      defaultTransactionTimeout: TRANSACTION_TIMEOUT_MS,
      transportTimeout: TRANSACTION_TIMEOUT_MS,
    });
    this.#client = client;
    const connected = client.connect(connection.endpointUrl);
    await this.#step('connecting', connected, CONNECT_LIMIT_MS);
    return client;
  }

  #step<T>(what: string, work: Promise<T>, limitMs = STEP_LIMIT_MS): Promise<T> {
    return within(this.#options.clock, limitMs, what, work, this.#ending.signal);
  }

  /**
   * What fails while saying farewell changes nothing: the session and the socket end by time-out.
   */
  async #farewell(leave: () => Promise<unknown>): Promise<void> {
    const work = Promise.resolve().then(leave);
    await within(this.#options.clock, FAREWELL_LIMIT_MS, 'farewell', work).catch(() => undefined);
  }

  #broken(reason: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onBroken(reason);
  }
}

function endOf(certificate: Buffer | readonly Buffer[] | undefined): number[] {
  const first = Buffer.isBuffer(certificate) ? certificate : certificate?.[0];
  return first === undefined ? [] : [Date.parse(new X509Certificate(first).validTo)];
}
