import type { Chance } from '../process/chance.ts';
import { uniform } from '../process/chance.ts';
import type { Scenario, ScenarioStep } from './scenario.ts';

/** Steps fall on the steps of the physics, ms, so that a turn of any length runs the same mill. */
const GRID_MS = 20;
const REFUSALS_MAX = 50;

interface DueStep {
  readonly dueMs: number;
  readonly step: ScenarioStep;
}

/** A scenario under way, as plain data: a simulator that restarts goes on with it. */
export interface RunningScenario {
  readonly name: string;
  readonly startedMs: number;
  /** Still to come, the next one first. */
  readonly steps: DueStep[];
  /** Steps that the mill refused, in words; the oldest are forgotten. */
  readonly refusals: string[];
}

/** Writes out repetitions and chances: when each step is due. The same for the same seed. */
export function startScenario(
  name: string,
  scenario: Scenario,
  nowMs: number,
  seed = scenario.seed,
): RunningScenario {
  const chance: Chance = { seed: seed | 0 };
  const steps = scenario.steps.flatMap((step): DueStep[] =>
    Array.from({ length: step.times }, (_, time) => {
      const atS = step.atS + time * step.everyS + step.withinS * uniform(chance);
      return { dueMs: nowMs + GRID_MS * Math.round((1000 * atS) / GRID_MS), step };
    }),
  );
  steps.sort((a, b) => a.dueMs - b.dueMs);
  return { name, startedMs: nowMs, steps, refusals: [] };
}

/** Notes a step that the mill refused. */
export function refuse(running: RunningScenario, nowMs: number, why: string): void {
  if (running.refusals.length >= REFUSALS_MAX) running.refusals.shift();
  running.refusals.push(`${Math.round((nowMs - running.startedMs) / 1000)} s: ${why}`);
}
