import { defineConfig } from 'vitest/config';

/**
 * Suites by what they need: `unit` nothing, the others real sockets, a real database, a real
 * browser.
 */
const suites = ['unit', 'models', 'contract', 'tidy', 'integration', 'system', 'e2e'] as const;

export default defineConfig({
  test: {
    projects: suites.map((name) => ({
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        testTimeout: name === 'e2e' ? 600_000 : name === 'unit' ? 20_000 : 120_000,
        hookTimeout: 180_000,
        pool: 'forks' as const,
        fileParallelism: name !== 'e2e',
      },
    })),
  },
});
