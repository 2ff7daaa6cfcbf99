import * as z from 'zod';
import type { Mill } from '../../plc/mill/definition.ts';
import type { Reading } from './check.ts';
import { checkedFault, FaultError } from './check.ts';
import { faultPlace, faultRequest, speedRequest, truckRequest } from './request.ts';

/** A scenario is longer than any shift, and no step is further away. */
const AT_S_MAX = 7 * 86_400;
/** Steps of a scenario once its repetitions are written out. */
const STEPS_MAX = 5_000;

const when = {
  /** Process time after the start of the scenario, s. */
  atS: z.number().min(0).max(AT_S_MAX),
  /** It happens by chance within so long after that, s; the same for each seed. */
  withinS: z.number().min(0).max(86_400).default(0),
  times: z.number().int().min(1).max(1_000).default(1),
  everyS: z.number().min(1).max(86_400).default(60),
};

const step = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('truck'), ...when, ...truckRequest }),
  z.strictObject({ do: z.literal('fault'), ...when, ...faultRequest }),
  z.strictObject({
    do: z.literal('clear'),
    ...when,
    fault: z.string().optional(),
    ...faultPlace,
  }),
  z.strictObject({ do: z.literal('speed'), ...when, ...speedRequest }),
  z.strictObject({
    do: z.literal('server'),
    ...when,
    connection: z.string().min(1),
    up: z.boolean(),
  }),
]);

const scenarioSchema = z.strictObject({
  text: z.strictObject({ vi: z.string().min(1), en: z.string().min(1) }),
  /** The mill it is for. */
  mill: z.string().min(1),
  seed: z.number().int().default(1),
  steps: z.array(step).min(1).max(500),
});

export type Scenario = z.infer<typeof scenarioSchema>;
export type ScenarioStep = Scenario['steps'][number];

/** A scenario that cannot be run; who wrote it must mend every one of these. */
export class ScenarioError extends Error {
  constructor(name: string, problems: readonly string[]) {
    super(`scenario ${name}:\n${problems.map((one) => `  ${one}`).join('\n')}`);
    this.name = 'ScenarioError';
  }
}

function truckProblems(mill: Mill, one: { material: string; pit?: string | undefined }): string[] {
  const pits = mill.devices.filter(
    (device) => device.type === 'bin' && device.settings.kind === 'pit',
  );
  return [
    ...(mill.materials.some(({ code }) => code === one.material)
      ? []
      : [`unknown material ${one.material}`]),
    ...(one.pit === undefined || pits.some(({ id }) => id === one.pit)
      ? []
      : [`no pit ${one.pit}`]),
  ];
}

function stepProblems(mill: Mill, one: ScenarioStep, reading: Reading): string[] {
  if (one.do === 'truck') return truckProblems(mill, one);
  if (one.do === 'server') {
    return mill.connections.some(({ id }) => id === one.connection)
      ? []
      : [`unknown connection ${one.connection}`];
  }
  if (one.do !== 'fault') return [];
  try {
    checkedFault(mill, one, reading);
    return [];
  } catch (error) {
    if (error instanceof FaultError) return [error.message];
    throw error;
  }
}

/**
 * Reads a scenario and checks it against the mill.
 * @throws {ScenarioError} naming everything that is wrong with it.
 */
export function parseScenario(
  name: string,
  content: unknown,
  mill: Mill,
  reading: Reading,
): Scenario {
  const result = scenarioSchema.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map((one) => `${one.path.join('.')}: ${one.message}`);
    throw new ScenarioError(name, problems);
  }
  const { data } = result;
  const total = data.steps.reduce((sum, { times }) => sum + times, 0);
  const problems = [
    ...(data.mill === mill.id ? [] : [`it is for mill ${data.mill}, this is ${mill.id}`]),
    ...(total <= STEPS_MAX ? [] : [`${total} steps with repetitions, at most ${STEPS_MAX}`]),
    ...data.steps.flatMap((one, index) =>
      stepProblems(mill, one, reading).map((problem) => `steps.${index}: ${problem}`),
    ),
  ];
  if (problems.length > 0) throw new ScenarioError(name, problems);
  return data;
}
