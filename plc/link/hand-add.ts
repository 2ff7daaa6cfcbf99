import { z } from 'zod';

/** Commands of people at a hand-add hatch. `target` is the hatch. */
export const HAND_ADD_COMMANDS = {
  /** The bar code of a sack: GS1 elements (10) lot, (17) expiry, (240) material. */
  'hand-add.scan': z.strictObject({ label: z.string().min(1).max(100) }),
  /** This sack, of the lot that was scanned, is the right one and lies on the platform. */
  'hand-add.confirm': z.strictObject({}),
} as const;
