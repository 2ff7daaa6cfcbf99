import { z } from 'zod';
import { DRUG_CLASSES, SPECIES } from '../../plc/model/carry-over.ts';

/** Master recipes by version (ISA-88): shared by server, OpenAPI and HMI. */

const text = z.strictObject({ vi: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const code = z.string().regex(/^[A-Z0-9][A-Z0-9-]{1,31}$/, 'use capital letters, digits and -');
const time = z.iso.datetime();

export const RECIPE_STATES = ['draft', 'approved', 'retired'] as const;
export type RecipeState = (typeof RECIPE_STATES)[number];
export const ANIMALS = ['broiler', 'layer', 'pig', 'duck', 'shrimp'] as const;

const words = z.strictObject({ vi: z.string().min(1).max(500), en: z.string().min(1).max(500) });
const line = z.string().min(1).max(200);

/** What the law asks of a label that only the mill can say: as the recipe files have it. */
export const recipeLabelSchema = z.strictObject({
  tradeName: words.optional(),
  standardNo: z.string().min(1).max(60),
  shelfLifeDays: z.number().int().min(1).max(1_095),
  storage: words,
  use: words,
  cautions: words.optional(),
  antibiotics: words.optional(),
  registrant: z.strictObject({ name: line, address: line, phone: line }),
  quality: z
    .array(
      z.strictObject({
        name: words,
        low: z.number().optional(),
        high: z.number().optional(),
        unit: z.string().max(20),
      }),
    )
    .min(1)
    .max(20),
  gtin: z
    .string()
    .regex(/^\d{14}$/)
    .optional(),
});
export type RecipeLabel = z.infer<typeof recipeLabelSchema>;

/** What a version says, apart from its code and number. A draft need not add up to 100 % yet. */
export const recipeDocumentSchema = z.strictObject({
  text,
  animal: z.enum(ANIMALS),
  nature: z.strictObject({
    drugClass: z.enum(DRUG_CLASSES),
    species: z.enum(SPECIES),
    withdrawal: z.boolean(),
  }),
  procedure: z.string().min(1).max(32),
  conditionerC: z.number().min(40).max(105).nullable(),
  /** Motor load that the press is fed to, %; the press's own set point without it (DOMAIN 4). */
  pressLoadPct: z.number().min(85).max(92).optional(),
  /** Roll gap of the crumbler, mm; whole pellets without it. */
  crumbleMm: z.number().min(1).max(3).optional(),
  /** Liquid laid on the pellets, % of them: more than 6 % of fat plugs. */
  coatPct: z.number().positive().max(6).optional(),
  source: z.string().max(200).optional(),
  dieMm: z.number().min(0.5).max(20).optional(),
  screenMm: z.number().min(0.5).max(20).optional(),
  nutrients: z.record(z.string().min(1).max(32), z.number()).optional(),
  costPerT: z.number().nonnegative().optional(),
  label: recipeLabelSchema.optional(),
  items: z
    .array(
      z.strictObject({
        material: code,
        pct: z.number().positive().max(100),
        substitutes: z.array(code).max(5).optional(),
      }),
    )
    .min(1)
    .max(60),
});
export type RecipeDocument = z.infer<typeof recipeDocumentSchema>;

const reasons = z.array(
  z.object({
    code: z.string(),
    objects: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
);

export const recipeVersionSchema = z.object({
  code: z.string(),
  version: z.number().int(),
  state: z.enum(RECIPE_STATES),
  revision: z.number().int(),
  note: z.string(),
  author: z.string(),
  editors: z.array(z.string()),
  created: time,
  changed: time,
  approvedBy: z.string().nullable(),
  approved: time.nullable(),
  validFrom: z.string().nullable(),
  retiredBy: z.string().nullable(),
  retired: time.nullable(),
  document: recipeDocumentSchema,
  /** Sum of all shares, %. */
  sumPct: z.number(),
  /** Why it cannot be approved; empty when it can. */
  faults: reasons,
});
export type RecipeVersion = z.infer<typeof recipeVersionSchema>;

export const recipeViewSchema = z.object({
  code: z.string(),
  text: z.object({ vi: z.string(), en: z.string() }),
  /** The version that orders are made with today; null: none. */
  current: z.number().int().nullable(),
  draft: z.number().int().nullable(),
  latest: z.number().int(),
  sumPct: z.number(),
});
export type RecipeView = z.infer<typeof recipeViewSchema>;

export const recipeListSchema = z.object({
  recipes: z.array(recipeViewSchema),
  materials: z.array(
    z.object({
      code: z.string(),
      text: z.object({ vi: z.string(), en: z.string() }),
      medicated: z.boolean(),
    }),
  ),
  procedures: z.array(
    z.object({
      id: z.string(),
      text: z.object({ vi: z.string(), en: z.string() }),
      pelleted: z.boolean(),
    }),
  ),
});
export type RecipeList = z.infer<typeof recipeListSchema>;

export const newRecipeSchema = z.strictObject({
  code,
  note: z.string().max(500).default(''),
  /** Without it the draft begins as a copy of the newest version. */
  document: recipeDocumentSchema.optional(),
});
export const changeRecipeSchema = z.strictObject({
  revision: z.number().int().positive(),
  note: z.string().max(500).default(''),
  document: recipeDocumentSchema,
});
export const approveRecipeSchema = z.strictObject({
  /** Of the draft that was looked at: what was changed since is not approved unseen. */
  revision: z.number().int().positive(),
  validFrom: z.iso.date(),
});

export const recipeDiffSchema = z.object({
  items: z.array(
    z.object({
      material: z.string(),
      beforePct: z.number().nullable(),
      afterPct: z.number().nullable(),
    }),
  ),
  members: z.array(
    z.object({
      member: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});
export type RecipeDiff = z.infer<typeof recipeDiffSchema>;

export const scaledSchema = z.object({
  batchKg: z.number(),
  items: z.array(z.object({ material: z.string(), pct: z.number(), kg: z.number() })),
});

/** How the columns of a formulation program's export are to be read. */
export const csvMappingSchema = z.strictObject({
  formula: z.string().min(1).default('formula'),
  material: z.string().min(1).default('material'),
  share: z.string().min(1).default('pct'),
  /** In what the share is given. */
  unit: z.enum(['pct', 'kgPerT', 'fraction']).default('pct'),
  /** Code of that program -> code of this mill. */
  formulas: z.record(z.string(), code).default({}),
  materials: z.record(z.string(), code).default({}),
});
export type CsvMapping = z.infer<typeof csvMappingSchema>;

export const importSchema = z.discriminatedUnion('format', [
  z.strictObject({
    format: z.literal('csv'),
    text: z.string().min(1).max(90_000),
    mapping: csvMappingSchema.default(csvMappingSchema.parse({})),
  }),
  z.strictObject({ format: z.literal('json'), text: z.string().min(1).max(90_000) }),
]);
/** The drafts that were made. */
export const importAnswerSchema = z.object({
  drafts: z.array(z.object({ code: z.string(), version: z.number().int() })),
});
