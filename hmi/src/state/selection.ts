import { createSignal } from 'solid-js';

const [selectedDevice, selectDevice] = createSignal<string | null>(null);

/** The device whose faceplate is open. */
export { selectDevice, selectedDevice };
