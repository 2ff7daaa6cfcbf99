import { createSignal } from 'solid-js';

/** What a faceplate is open for. */
interface Selection {
  readonly kind: 'device' | 'route';
  readonly id: string;
}

const [selection, setSelection] = createSignal<Selection | null>(null);

function selectedOf(kind: Selection['kind']): string | null {
  const open = selection();
  return open?.kind === kind ? open.id : null;
}

export function selectDevice(id: string): void {
  setSelection({ kind: 'device', id });
}

export function selectRoute(id: string): void {
  setSelection({ kind: 'route', id });
}

export function closeFaceplate(): void {
  setSelection(null);
}

/** The device whose faceplate is open, or null. */
export function selectedDevice(): string | null {
  return selectedOf('device');
}

/** The route whose faceplate is open, or null. */
export function selectedRoute(): string | null {
  return selectedOf('route');
}

/** What the open faceplate commands, or null. */
export function selectedTarget(): string | null {
  return selection()?.id ?? null;
}
