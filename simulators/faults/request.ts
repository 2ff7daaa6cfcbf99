import * as z from 'zod';
import { PARAMETER_NAMES, type ParameterName } from './parameters.ts';

const parameter = z.union([z.number(), z.string()]).optional();
const parameters = Object.fromEntries(PARAMETER_NAMES.map((name) => [name, parameter])) as Record<
  ParameterName,
  typeof parameter
>;

/** Where faults are, for those who clear them: all that have what is given. */
export const faultPlace = {
  device: z.string().min(1).optional(),
  role: z.string().min(1).optional(),
  connection: z.string().min(1).optional(),
  unit: z.number().int().min(0).max(255).optional(),
};

/** A fault as it is asked for in a request or a scenario; what goes together is checked later. */
export const faultRequest = {
  fault: z.string().min(1),
  ...faultPlace,
  forS: z.number().optional(),
  ...parameters,
};

/** A truck as it is sent to a pit. */
export const truckRequest = {
  material: z.string().min(1),
  lot: z.string().min(1).max(64),
  kg: z.number().positive().max(100_000),
  pit: z.string().optional(),
  /** A truck with a plate heeds the lights of weighbridge and pit; without, it just tips. */
  plate: z.string().min(3).max(16).optional(),
};

/** A sack that a person weighs and tips into a mixer's hatch. */
export const handRequest = {
  device: z.string().min(1),
  material: z.string().min(1),
  lot: z.string().min(1).max(64),
  kg: z.number().positive().max(1_000),
};

/** A bulk truck as it is sent to a spout: so many compartments of so much. */
export const bulkRequest = {
  spout: z.string().min(1),
  name: z.string().min(1).max(64),
  compartments: z.number().int().min(1).max(12).default(4),
  kg: z.number().positive().max(30_000),
};

/** How many times faster than the clock the process runs. */
export const speedRequest = { speed: z.number().min(0.1).max(100) };
