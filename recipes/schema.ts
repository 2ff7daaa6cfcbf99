import { z } from 'zod';
import { DRUG_CLASSES, SPECIES } from '../plc/model/carry-over.ts';

/**
 * Schemas of the recipe files. Unknown keys are refused: a misspelt key must not be ignored
 * silently.
 */

const text = z.strictObject({ vi: z.string().min(1), en: z.string().min(1) });
const code = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, 'use capital letters, digits and -');

export const materialSchema = z.strictObject({
  code,
  text,
  /** Liquids are dosed by pump and enter the mixer after the dry mix. */
  form: z.enum(['bulk', 'powder', 'liquid']),
  /** Contains a veterinary drug: 21 CFR 225 records apply. */
  medicated: z.boolean().default(false),
  /** Price that its formulas are costed with, per kg in the mill's currency. */
  costPerKg: z.number().nonnegative().optional(),
  /** Content by name, e.g. `CP` in %, `ME` in kcal/kg. */
  nutrients: z.record(z.string().min(1).max(32), z.number()).optional(),
});
export type Material = z.infer<typeof materialSchema>;

const line = z.string().min(1).max(200);

/**
 * What the label of a feed says beside its name, mass, lot and dates: Law 32/2018/QH14 article 46,
 * Circular 21/2019/TT-BNNPTNT appendix II, as amended by Circular 31/2022. A mill answers for it.
 */
const labelSchema = z.strictObject({
  tradeName: text.optional(),
  /** Number of the declared standard. */
  standardNo: z.string().min(1).max(60),
  shelfLifeDays: z.number().int().min(1).max(1_095),
  storage: text,
  use: text,
  cautions: text.optional(),
  /** Name, content and withdrawal time; a feed with an antibiotic is not labelled without it. */
  antibiotics: text.optional(),
  registrant: z.strictObject({ name: line, address: line, phone: line }),
  /** Declared contents; `low` alone is a minimum, `high` alone a maximum. */
  quality: z
    .array(
      z.strictObject({
        name: text,
        low: z.number().optional(),
        high: z.number().optional(),
        unit: z.string().max(20),
      }),
    )
    .min(1)
    .max(20),
  /** GS1 number of the article, 14 digits. */
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .optional(),
});

export const formulaSchema = z.strictObject({
  code,
  version: z.number().int().positive(),
  text,
  animal: z.enum(['broiler', 'layer', 'pig', 'duck', 'shrimp']),
  /** What the feed is as regards carry-over. */
  nature: z.strictObject({
    drugClass: z.enum(DRUG_CLASSES),
    species: z.enum(SPECIES),
    withdrawal: z.boolean(),
  }),
  /** Id of a procedure file. */
  procedure: z.string().min(1),
  /** Conditioner set point, degC (DOMAIN 4); null for mash. */
  conditionerC: z.number().min(40).max(105).nullable(),
  /** Motor load that the press is fed to, %; the press's own set point without it (DOMAIN 4). */
  pressLoadPct: z.number().min(85).max(92).optional(),
  /** Roll gap of the crumbler, mm; whole pellets without it. */
  crumbleMm: z.number().min(1).max(3).optional(),
  /** Liquid laid on the pellets, % of them: more than 6 % of fat plugs. */
  coatPct: z.number().positive().max(6).optional(),
  source: z.string().optional(),
  /** Die of the press and screen of the hammer mills, mm; a change of either costs time. */
  dieMm: z.number().min(0.5).max(20).optional(),
  screenMm: z.number().min(0.5).max(20).optional(),
  /** First day on which it may be made, in the mill's zone; at once without it. */
  validFrom: z.iso.date().optional(),
  /** Carried through from the formulation: nothing here computes with them. */
  nutrients: z.record(z.string().min(1).max(32), z.number()).optional(),
  costPerT: z.number().nonnegative().optional(),
  /** What the law asks of the label and nobody but the mill can say (see DOMAIN 7). */
  label: labelSchema.optional(),
  items: z
    .array(
      z.strictObject({
        material: code,
        pct: z.number().positive().max(100),
        /** Materials that may take its place kilogram for kilogram, best first. */
        substitutes: z.array(code).max(5).optional(),
      }),
    )
    .min(1)
    .max(60),
});
export type Formula = z.infer<typeof formulaSchema>;

export const procedureSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]{1,31}$/),
  text,
  pelleted: z.boolean(),
  /** Dry 30-60 s, wet 60-120 s (DOMAIN 4). */
  dryMixS: z.number().min(10).max(600),
  wetMixS: z.number().min(0).max(600),
  /** Unit procedures in order, with their operations and phases (ISA-88). */
  unitProcedures: z
    .array(
      z.strictObject({
        unit: z.enum(['dosing', 'mixing', 'pelleting', 'cooling', 'finishing']),
        text,
        phases: z
          .array(
            z.enum([
              'dosing',
              'fill-mixer',
              'dry-mix',
              'wet-mix',
              'discharge',
              'condition',
              'press',
              'cool',
              'store',
              'bag',
            ]),
          )
          .min(1),
      }),
    )
    .min(1),
});
export type Procedure = z.infer<typeof procedureSchema>;
