import { z } from 'zod';
import { DRUG_CLASSES, SPECIES } from '../model/carry-over.ts';

const id = z.string().min(1).max(64);

/** `load.start`: one compartment of a bulk truck, from a released finished bin. */
export const loadStartSchema = z.strictObject({
  bin: id,
  /** The lot that is wanted: the bin must hold it. */
  lot: id,
  /** The truck by its plate. */
  truck: id,
  compartmentKg: z.number().positive().max(1e5),
  /** The rest of the bin: it ends when the bin is empty, at the mass of the compartment at most. */
  untilEmpty: z.boolean().default(false),
  /** What the compartment carried before, by its driver's papers; null where nobody knows. */
  last: z
    .strictObject({
      drugClass: z.enum(DRUG_CLASSES),
      species: z.enum(SPECIES),
      withdrawal: z.boolean(),
    })
    .nullable(),
  /** The one who sends this has seen the compartment clean ... */
  cleaned: z.boolean(),
  /** ... by this certificate of cleaning. */
  certificate: z.string().trim().min(1).max(40).nullable().default(null),
});
