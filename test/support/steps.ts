import { beforeEach, onTestFailed } from 'vitest';

/** Tests of a suite that build on each other: after the first that fails the rest is not tried. */
export function stepByStep(): void {
  let failed: string | null = null;
  beforeEach(({ skip, task }) => {
    skip(failed !== null, `"${failed}" failed before`);
    onTestFailed(() => {
      failed = task.name;
    });
  });
}
