import { stripVTControlCharacters } from 'node:util';
import { setErrorLogger, setWarningLogger } from 'node-opcua';
import type { DriverLog } from '../driver.ts';

/** Different messages that are remembered; then it begins anew. */
const REMEMBERED_MAX = 100;
const LENGTH_MAX = 300;

/**
 * Sends what node-opcua would print on the console to the log, each message once in a while and
 * shortened. It is one setting for the whole process: the last caller's log gets all.
 */
export function hearLibrary(log: DriverLog): void {
  const said = new Set<string>();
  // The library's loggers are given the place in its source first.
  const pass = (_place: unknown, ...parts: unknown[]): void => {
    const text = stripVTControlCharacters(parts.map(String).join(' '));
    const message = text.slice(0, LENGTH_MAX);
    if (said.has(message)) return;
    if (said.size >= REMEMBERED_MAX) said.clear();
    said.add(message);
    log.info(`node-opcua: ${message}`);
  };
  setWarningLogger(pass);
  setErrorLogger(pass);
}
