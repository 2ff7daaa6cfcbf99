import { createSignal } from 'solid-js';
import { createStore, reconcile } from 'solid-js/store';
import {
  type AlarmOccurrence,
  documentKey,
  type LinkState,
  type StatusDocument,
} from '../../../server/contract/live.ts';
import { LiveClient } from '../live/live-client.ts';
import { applyChanges, markAllStale, markUnknown, onWanted } from './tags.ts';

type OfKind<K extends StatusDocument['kind']> = Extract<StatusDocument, { kind: K }>;

const [connected, setConnected] = createSignal(false);
const [link, setLink] = createSignal<LinkState | null>(null);
const [endedWhy, setEndedWhy] = createSignal<string | null>(null);
const [serverAheadMs, setServerAheadMs] = createSignal(0);
const [alarmBoard, setAlarmBoard] = createStore<{ list: readonly AlarmOccurrence[] }>({ list: [] });
const [documents, setDocuments] = createStore<Record<string, StatusDocument>>({});

export { connected, endedWhy, link };

/** What is not normal now. An alarm that goes on stays the same object: its row is not redrawn. */
export function alarms(): readonly AlarmOccurrence[] {
  return alarmBoard.list;
}

function setAlarms(list: readonly AlarmOccurrence[]): void {
  setAlarmBoard('list', reconcile([...list], { key: 'occurrenceId' }));
}

/** What a line, route or device last said of itself, or undefined. */
export function statusOf<K extends Exclude<StatusDocument['kind'], 'link'>>(
  kind: K,
  id: string,
): OfKind<K> | undefined {
  return documents[`${kind} ${id}`] as OfKind<K> | undefined;
}

/** What the book says of every bin that the controller has told of. */
export function stockStatuses(): readonly OfKind<'stock'>[] {
  return Object.values(documents).filter((one) => one.kind === 'stock');
}

/** How every connection and Modbus unit is, in the order of their names. */
export function linkStatuses(): readonly OfKind<'link'>[] {
  return Object.values(documents).filter((one) => one.kind === 'link');
}

/** Whether what is shown is what the mill does now: server and controller are both heard. */
export function fresh(): boolean {
  return connected() && link()?.connected !== false;
}

/** The server's time of day, ms UTC: the screen's own clock may be wrong. */
export function serverNowMs(): number {
  return Date.now() + serverAheadMs();
}

let client: LiveClient | null = null;

/**
 * Opens the live connection of this session; does nothing when it is open.
 * `onRefused` is told when the server lets it in no more, or not now: the session may have ended.
 */
export function openLive(onRefused: () => void): void {
  if (client !== null) return;
  setEndedWhy(null);
  const opened = new LiveClient({
    values: (changes, timeMs) => {
      applyChanges(changes);
      // A jump of less than a second is the way of the frame, not the clock.
      const aheadMs = timeMs - Date.now();
      if (Math.abs(aheadMs - serverAheadMs()) > 1_000) setServerAheadMs(aheadMs);
    },
    unknown: markUnknown,
    lost: () => {
      setConnected(false);
      markAllStale();
    },
    connected: () => setConnected(true),
    alarms: (list) => setAlarms(list),
    status: (document) => setDocuments(documentKey(document), reconcile(document, { key: null })),
    link: (state) => setLink(state),
    ended: (why) => setEndedWhy(why),
    refused: onRefused,
  });
  client = opened;
  onWanted((tags) => opened.want(tags));
  opened.start();
}

export function closeLive(): void {
  client?.stop();
  client = null;
  onWanted(null);
  setConnected(false);
  setLink(null);
  setAlarms([]);
}

/** The open connection, for commands. */
export function liveClient(): LiveClient | null {
  return client;
}
