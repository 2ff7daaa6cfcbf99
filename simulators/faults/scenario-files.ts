import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScenarioError } from './scenario.ts';

const folder = join(import.meta.dirname, '..', 'scenarios');

/** The names of the scenarios that come with the simulator. */
export function scenarioNames(): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/**
 * The content of a scenario that comes with the simulator, or of a file.
 * @throws {ScenarioError} when there is none, or it is not JSON.
 */
export function readScenario(nameOrPath: string): unknown {
  const known = scenarioNames().includes(nameOrPath);
  const path = known ? join(folder, `${nameOrPath}.json`) : nameOrPath;
  if (!existsSync(path)) {
    throw new ScenarioError(nameOrPath, [`no such file; there are ${scenarioNames().join(', ')}`]);
  }
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ScenarioError(nameOrPath, [`not JSON: ${(error as Error).message}`]);
  }
}
