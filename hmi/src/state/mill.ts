import { createMemo, createRoot, createSignal } from 'solid-js';
import type { MillView } from '../../../server/contract/rest.ts';
import { rest } from '../live/rest.ts';

export type Device = MillView['devices'][number];
export type TagMeta = MillView['tags'][number];
export type AlarmMeta = MillView['alarms'][number];
export type Line = MillView['lines'][number];
export type Route = MillView['routes'][number];

const [view, setView] = createSignal<MillView | null>(null);

/** @throws {RestError} when the server cannot give the mill. */
export async function loadMill(): Promise<void> {
  setView(await rest.get<MillView>('/api/mill'));
}

/** The mill, or null while it is not loaded. Displays are shown only when it is. */
export { view as millOrNull };

/** The mill of a display. @throws {Error} before it is loaded (programmer). */
export function mill(): MillView {
  const loaded = view();
  if (loaded === null) throw new Error('a display was drawn before the mill was loaded');
  return loaded;
}

function indexOf(of: MillView) {
  const tagsByDevice = new Map<string, TagMeta[]>();
  for (const tag of of.tags) {
    if (tag.device === null) continue;
    const list = tagsByDevice.get(tag.device);
    if (list === undefined) tagsByDevice.set(tag.device, [tag]);
    else list.push(tag);
  }
  return {
    tagsByDevice,
    deviceById: new Map(of.devices.map((one) => [one.id, one])),
    tagByName: new Map(of.tags.map((one) => [one.name, one])),
    alarmById: new Map(of.alarms.map((one) => [one.id, one])),
    materialByCode: new Map(of.materials.map((one) => [one.code, one])),
  };
}

const index = createRoot(() =>
  createMemo(() => {
    const loaded = view();
    return loaded === null ? null : indexOf(loaded);
  }),
);

export function deviceOf(id: string): Device | undefined {
  return index()?.deviceById.get(id);
}

export function tagMeta(name: string): TagMeta | undefined {
  return index()?.tagByName.get(name);
}

export function alarmMeta(id: string): AlarmMeta | undefined {
  return index()?.alarmById.get(id);
}

/** The tags of a device in the order of its type. */
export function tagsOf(device: string): readonly TagMeta[] {
  return index()?.tagsByDevice.get(device) ?? [];
}

export function roleOf(device: string, role: string): TagMeta | undefined {
  return tagsOf(device).find((tag) => tag.role === role);
}

export function materialOf(code: string) {
  return index()?.materialByCode.get(code);
}

/** A number of a device's settings, or undefined. */
export function setting(device: Device | undefined, name: string): number | undefined {
  const value = device?.settings[name];
  return typeof value === 'number' ? value : undefined;
}

/** A text of a device's settings, or null. */
export function settingText(device: Device | undefined, name: string): string | null {
  const value = device?.settings[name];
  return typeof value === 'string' ? value : null;
}
