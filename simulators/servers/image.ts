import type { Mill } from '../../plc/mill/definition.ts';
import type { TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import { zeroOf } from '../../plc/model/tag.ts';
import type { LinkCondition } from '../faults/link-condition.ts';

/** Told of each change of a tag that it watches. */
export type Watcher = (value: TagScalar) => void;
/** Told of each change of any input. */
export type InputListener = (name: string, value: TagScalar) => void;

/**
 * What the field's controllers hold between the physics and the network: the outputs that clients
 * wrote and the inputs as last measured. All servers of the simulated mill read and write this one
 * image, and are told of what changes in it.
 */
export class FieldImage {
  readonly outputs = new Map<string, TagScalar>();
  private commanded = new Set<string>();
  private readonly inputs = new Map<string, TagScalar>();
  private readonly watchers = new Map<string, Watcher>();
  private listener: InputListener | null = null;
  private readonly tags: ReadonlyMap<string, TagDefinition>;

  constructor(mill: Mill) {
    this.tags = mill.tagByName;
  }

  /**
   * The value of a field tag now; the zero of its type before anything was measured or commanded.
   */
  read(name: string): TagScalar {
    const value = this.outputs.get(name) ?? this.inputs.get(name);
    if (value !== undefined) return value;
    const tag = this.tags.get(name);
    return tag === undefined ? 0 : zeroOf(tag.dataType);
  }

  /** The one server that shows a tag is told of its changes from now on. */
  watch(name: string, watcher: Watcher): void {
    this.watchers.set(name, watcher);
  }

  /** One listener is told of all inputs, beginning with how they are now. */
  listen(listener: InputListener): void {
    this.listener = listener;
    for (const [name, value] of this.inputs) listener(name, value);
  }

  /** A client commands an output. */
  write(name: string, value: TagScalar): void {
    this.outputs.set(name, value);
    this.commanded.add(name);
    this.watchers.get(name)?.(value);
  }

  /** The outputs that changed since the last call. */
  takeCommanded(): ReadonlySet<string> {
    const { commanded } = this;
    this.commanded = new Set();
    return commanded;
  }

  /** A sensor shows something new. */
  setInput(name: string, value: TagScalar): void {
    this.inputs.set(name, value);
    this.listener?.(name, value);
    this.watchers.get(name)?.(value);
  }

  /** Several sensors show something new. */
  setInputs(values: ReadonlyMap<string, TagScalar>): void {
    for (const [name, value] of values) this.setInput(name, value);
  }

  /**
   * A controller in its safe state lets go of all its outputs: what was commanded before is not
   * taken up again when the heartbeat returns. Its heartbeat register is kept, or the return would
   * not be seen; only a restart loses that too.
   */
  clearOutputs(connection: string, keepBeat = true): void {
    for (const name of [...this.outputs.keys()]) {
      const tag = this.tags.get(name);
      if (tag?.address?.connection !== connection) continue;
      if (keepBeat && tag.role === 'Beat') continue;
      this.outputs.delete(name);
      this.commanded.add(name);
      this.watchers.get(name)?.(zeroOf(tag.dataType));
    }
  }
}

/**
 * A server of the simulated field that can be taken down and brought back while all else runs on.
 */
export interface FieldServer {
  readonly connection: string;
  /** True while clients are served. */
  readonly up: boolean;
  /** Starts listening. @throws when the port is taken; whoever runs the machine must free it. */
  start(): Promise<void>;
  /** Stops listening and drops every client; may be called twice. */
  stop(): Promise<void>;
  /** What is wrong with its link from now on; `down` is left to `start` and `stop`. */
  setCondition(condition: LinkCondition): void;
  /** Real time passes: what was held back for so long is let go. */
  pass(nowMs: number): void;
}
