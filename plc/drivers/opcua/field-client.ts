import type { ClientSession, OPCUACertificateManager } from 'node-opcua';
import { OPCUAClient } from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type { DriverClock } from '../driver.ts';
import { within } from '../within.ts';
import type { EndpointSecurity } from './endpoint-security.ts';
import { strongestSecurity, UNPROTECTED } from './endpoint-security.ts';
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
/** The server forgets a session that is silent for this long, ms. */
const SESSION_TIMEOUT_MS = 30_000;

/** What a client needs to reach its server. */
export interface FieldClientOptions {
  readonly connection: OpcUaConnection;
  /** Folder of the certificates of this connection; made when it is missing. */
  readonly pkiFolder: string;
  readonly clock: DriverClock;
  /** Called once, when the connection or the session broke. */
  readonly onBroken: (reason: string) => void;
}

/**
 * One node-opcua client from its connection to its end. It never reconnects by itself: the
 * library's own repair (OPC UA Part 4, 6.7) waits in fixed steps of 1, 2 and 5 s with timers that
 * outlive the client, and after a restart of the server goes on with namespace indexes that may
 * have changed. A new client costs one more round of requests and begins with the present value of
 * every item.
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
   * Connects with the strongest security that the server offers.
   * @throws {Error} when a step fails or takes too long; close the client then.
   */
  async open(): Promise<ClientSession> {
    let client = await this.#connect(UNPROTECTED);
    const endpoints = await this.#step('asking for endpoints', client.getEndpoints());
    const security = strongestSecurity(endpoints);
    if (security !== UNPROTECTED) {
      await this.#step('ending the discovery', client.disconnect());
      client = await this.#connect(security);
    }
    client.on('connection_lost', () => this.#broken('the connection broke'));
    client.on('close', () => this.#broken('the connection was closed'));
    const session = await this.#step('opening a session', client.createSession());
    session.on('session_closed', () => this.#broken('the session was closed'));
    this.#session = session;
    return session;
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

  async #connect({ policy, mode }: EndpointSecurity): Promise<OPCUAClient> {
    const { connection, pkiFolder } = this.#options;
    const certificates = certificatesOf(pkiFolder);
    this.#certificates.push(certificates);
    const client = OPCUAClient.create({
      applicationName: 'FeedMillController',
      clientName: connection.id,
      clientCertificateManager: certificates,
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
