import type { Mill } from '../../plc/mill/definition.ts';
import type { TagDefinition, TagScalar } from '../../plc/model/tag.ts';
import { zeroOf } from '../../plc/model/tag.ts';

/**
 * What the field's controllers hold between the physics and the network: the outputs that clients
 * wrote and the inputs as last measured. All servers of the simulated mill read and write this one
 * image.
 */
export class FieldImage {
  readonly outputs = new Map<string, TagScalar>();
  private readonly inputs = new Map<string, TagScalar>();
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

  /** A client commands an output. */
  write(name: string, value: TagScalar): void {
    this.outputs.set(name, value);
  }

  setInputs(values: ReadonlyMap<string, TagScalar>): void {
    for (const [name, value] of values) this.inputs.set(name, value);
  }

  /**
   * A controller in its safe state lets go of all its outputs: what was commanded before is not
   * taken up again when the heartbeat returns. Its heartbeat register is kept, or the return would
   * not be seen.
   */
  clearOutputs(connection: string): void {
    for (const name of [...this.outputs.keys()]) {
      const tag = this.tags.get(name);
      if (tag?.address?.connection === connection && tag.role !== 'Beat') this.outputs.delete(name);
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
}
