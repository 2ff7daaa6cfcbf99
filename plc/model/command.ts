import type { Reason } from './reason.ts';

/** Who asked for something: a person (signed in) or a machine of the controller. */
export interface Actor {
  readonly kind: 'person' | 'machine';
  /** User name, or the machine's id. */
  readonly id: string;
}

/** What became of a command. A refusal always says why. */
export type CommandResult =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly reasons: readonly Reason[] };
