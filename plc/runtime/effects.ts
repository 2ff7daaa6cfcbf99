import type { CommandResult } from '../model/command.ts';
import type { MachineRecord } from '../model/record.ts';
import type { StatusDocument } from '../model/status.ts';

/** Where a scan puts what is not an output of the image. Calls are cheap and never throw. */
export interface ScanEffects {
  raise(alarm: string, by: string): void;
  clear(alarm: string, by: string): void;
  record(record: MachineRecord, by: string): void;
  status(document: StatusDocument): void;
  /** The answer to a person's command; to be told only when what follows from it is on the disk. */
  answer(reply: (result: CommandResult) => void, result: CommandResult): void;
}
