import type { ClientSession } from 'node-opcua';
import type { OpcUaConnection } from '../../model/connection.ts';
import type { DriverContext, FieldWrite, WriteResult } from '../driver.ts';
import { within } from '../within.ts';
import type { FieldNode, RequestLimits } from './field-nodes.ts';
import { isHeldBy } from './field-values.ts';
import type { Handover } from './handover.ts';
import { readTypes } from './node-types.ts';
import type { NodeWrite } from './writing.ts';
import { writeAndReadBack } from './writing.ts';

/** Writing and reading back must be done within this, ms. */
const WRITE_LIMIT_MS = 3_000;

/** The nodes that a session writes to, and what they hold. */
export class Outputs {
  readonly #context: DriverContext<OpcUaConnection>;
  readonly #calledOff: AbortSignal;
  readonly #known = new Map<string, Omit<NodeWrite, 'write'>>();

  constructor(context: DriverContext<OpcUaConnection>, calledOff: AbortSignal) {
    this.#context = context;
    this.#calledOff = calledOff;
  }

  /** Reads the types of the outputs' nodes; what differs from the tags is told to the log once. */
  async learn(
    session: ClientSession,
    nodes: readonly FieldNode[],
    { read }: RequestLimits,
    handover: Handover,
  ): Promise<void> {
    const outputs = nodes.filter(({ tag }) => tag.direction === 'output');
    const ids = outputs.map(({ nodeId }) => nodeId);
    const types = await readTypes(session, ids, read);
    const misfits: string[] = [];
    for (const [index, node] of outputs.entries()) {
      const { name, dataType } = node.tag;
      const type = types[index] ?? null;
      this.#known.set(name, { node, type });
      const fits = type?.isScalar !== false && isHeldBy(dataType, type?.builtIn ?? null);
      if (!fits) misfits.push(name);
    }
    if (misfits.length === 0 || handover.toldMisfits) return;
    handover.toldMisfits = true;
    this.#context.log.warn('OPC UA outputs whose node holds another data type than their tag', {
      connection: this.#context.connection.id,
      count: misfits.length,
      first: misfits.slice(0, 10),
    });
  }

  /** Sends writes in one request and reads them back; never throws. */
  async write(session: ClientSession, writes: readonly FieldWrite[]): Promise<WriteResult[]> {
    const known: NodeWrite[] = [];
    const results: WriteResult[] = [];
    for (const write of writes) {
      const found = this.#known.get(write.tag);
      if (found === undefined) results.push(failed(write, 'the server has no such node'));
      else known.push({ ...found, write });
    }
    try {
      const { clock } = this.#context;
      const work = writeAndReadBack(session, known);
      const done = await within(clock, WRITE_LIMIT_MS, 'writing', work, this.#calledOff);
      return [...results, ...done];
    } catch (cause) {
      const error = cause instanceof Error ? cause.message : String(cause);
      return [...results, ...known.map(({ write }) => failed(write, error))];
    }
  }
}

/** A write that was not done. */
export function failed(write: FieldWrite, error: string): WriteResult {
  return { ...write, ok: false, error };
}
