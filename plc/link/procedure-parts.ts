import { z } from 'zod';

const id = z.string().min(1).max(64);
const batch = z.strictObject({ orderId: id, batchId: id });
const phase = z.strictObject({ orderId: id, batchId: id, unit: id });

/**
 * Commands of persons for a batch (ISA-88 unit procedure) and for a phase of it: what one scale,
 * meter, hatch or the mixer does. `resume` serves Resume and Restart. The target is the line.
 */
export const PROCEDURE_PART_COMMANDS = {
  'batch.pause': batch,
  'batch.resume': batch,
  'batch.hold': batch,
  'batch.stop': batch,
  'batch.abort': batch,
  'phase.pause': phase,
  'phase.resume': phase,
  'phase.hold': phase,
  /** Begins a stopped or aborted phase again, with what its doses still lack. */
  'phase.restart': phase,
  'phase.stop': phase,
  'phase.abort': phase,
  /** Signed for by one person, of medicated feed by two: see `signature` of the request. */
  'phase.skip': z.strictObject({
    orderId: id,
    batchId: id,
    unit: id,
    reason: z.string().trim().min(3).max(300),
    second: id.optional(),
  }),
} as const;
