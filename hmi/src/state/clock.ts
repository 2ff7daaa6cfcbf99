import { createSignal } from 'solid-js';
import { serverNowMs } from './live.ts';

const [nowMs, setNowMs] = createSignal(serverNowMs());
setInterval(() => setNowMs(serverNowMs()), 1_000);

/** The server's time of day, ms UTC, once a second. */
export { nowMs };
