// Goal: the server starts with what the environment says or names every key that is wrong.
import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../server/config/config.ts';

test('an empty environment is a mill on this machine alone', () => {
  const config = readConfig({ PORT: '', DATABASE_URL: '' });
  expect(config).toMatchObject({
    port: 8080,
    host: '127.0.0.1',
    databaseUrl: '',
    mill: 'reference',
    plcUrl: 'http://127.0.0.1:8081',
    logLevel: 'info',
    connections: {},
  });
  expect(isAbsolute(config.dataDir)).toBe(true);
});

test('every bad key is named at once', () => {
  const bad = {
    PORT: '80800',
    DATABASE_URL: 'mysql://db',
    PLC_URL: 'plc:8081',
    SIM_SPEED: '1000',
    LOG_LEVEL: 'loud',
  };
  try {
    readConfig(bad);
    expect.unreachable('a bad environment was taken');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    expect(error.faults.length).toBe(5);
    for (const key of Object.keys(bad)) expect(error.message).toContain(key);
  }
});

test('connections are handed on, other keys are not', () => {
  const config = readConfig({ CONNECTION_FIELD: 'opc.tcp://10.0.0.5:4840', HOME: '/root' });
  expect(config.connections).toEqual({ CONNECTION_FIELD: 'opc.tcp://10.0.0.5:4840' });
});
