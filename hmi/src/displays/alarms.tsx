import { createMemo, createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { z } from 'zod';
import type { AlarmOccurrence } from '../../../server/contract/live.ts';
import type { alarmViewSchema } from '../../../server/contract/rest.ts';
import { formatTime } from '../i18n/format.ts';
import { say, t, tOr } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { isActive, isUnacknowledged, type Priority, sortedAlarms } from '../state/alarms.ts';
import { sendCommand } from '../state/commands.ts';
import { connected } from '../state/live.ts';
import { type AlarmMeta, alarmMeta } from '../state/mill.ts';
import { selectDevice } from '../state/selection.ts';
import { may } from '../state/session.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { Modal } from '../widgets/modal.tsx';
import { PriorityMark } from '../widgets/priority-mark.tsx';
import { TableScroll } from '../widgets/table-scroll.tsx';

type AlarmView = z.infer<typeof alarmViewSchema>;
const COMMENT_LENGTH_MAX = 500;
const HISTORY_ROWS = 200;
/** The worst come first; a screen is not helped by a thousand more below them. */
const ROWS_AT_ONCE = 60;

function timeToRespond(seconds: number): string {
  if (seconds < 120) return t('alarms.seconds', { count: seconds });
  if (seconds < 7_200) return t('alarms.minutes', { count: Math.round(seconds / 60) });
  if (seconds < 172_800) return t('alarms.hours', { count: Math.round(seconds / 3_600) });
  return t('alarms.days', { count: Math.round(seconds / 86_400) });
}

/** What ISA-18.2 wants at hand with every alarm: cause, consequence, action, time to respond. */
function Rationale(props: { meta: AlarmMeta }): JSX.Element {
  return (
    <dl class="facts alarm-facts">
      <dt>{t('alarms.cause')}</dt>
      <dd>{say(props.meta.cause)}</dd>
      <dt>{t('alarms.consequence')}</dt>
      <dd>{say(props.meta.consequence)}</dd>
      <dt>{t('alarms.action')}</dt>
      <dd class="alarm-action">{say(props.meta.action)}</dd>
      <dt>{t('alarms.respond')}</dt>
      <dd>{timeToRespond(props.meta.timeToRespondS)}</dd>
    </dl>
  );
}

function AlarmRow(props: { alarm: AlarmOccurrence; onAcknowledge: () => void }): JSX.Element {
  const meta = () => alarmMeta(props.alarm.alarmId);
  const text = () => meta()?.text;
  return (
    <li
      class="alarm document"
      classList={{
        'alarm-unacknowledged': isUnacknowledged(props.alarm),
        'alarm-returned': !isActive(props.alarm),
      }}
      data-alarm={props.alarm.alarmId}
      data-state={props.alarm.state}
    >
      <PriorityMark priority={props.alarm.priority} calm={!isUnacknowledged(props.alarm)} />
      <div class="alarm-main">
        <div class="alarm-line">
          <strong class="alarm-text">
            {say(text() ?? { vi: props.alarm.alarmId, en: props.alarm.alarmId })}
          </strong>
          <Show when={meta()?.device}>
            {(device) => (
              <button type="button" class="link" onClick={() => selectDevice(device())}>
                {device()}
              </button>
            )}
          </Show>
          <span class="quiet">
            {formatTime(props.alarm.raisedTimeMs)} · {t(`alarmState.${props.alarm.state}`)}
          </span>
        </div>
        <Show when={meta()}>{(one) => <Rationale meta={one()} />}</Show>
        <Show when={props.alarm.acknowledgedBy}>
          {(user) => (
            <p class="quiet">
              {t('alarms.acknowledgedBy', {
                user: user(),
                time: formatTime(props.alarm.acknowledgedTimeMs, 'time'),
              })}
              {props.alarm.comment === null || props.alarm.comment === ''
                ? ''
                : `: ${props.alarm.comment}`}
            </p>
          )}
        </Show>
      </div>
      <Show when={isUnacknowledged(props.alarm) && may('alarm.acknowledge')}>
        <button
          type="button"
          class="button"
          disabled={!connected()}
          onClick={() => props.onAcknowledge()}
        >
          {t('alarms.acknowledge')}
        </button>
      </Show>
    </li>
  );
}

function Acknowledge(props: { alarm: AlarmOccurrence; onClose: () => void }): JSX.Element {
  const [comment, setComment] = createSignal('');
  const text = () => alarmMeta(props.alarm.alarmId)?.text;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void sendCommand('alarm.acknowledge', props.alarm.alarmId, { comment: comment().trim() });
    props.onClose();
  };
  return (
    <form class="form" onSubmit={submit}>
      <p>
        <strong>{say(text() ?? { vi: props.alarm.alarmId, en: props.alarm.alarmId })}</strong>{' '}
        <span class="quiet">{props.alarm.alarmId}</span>
      </p>
      <label class="field">
        <span>{t('alarms.comment')}</span>
        <textarea
          rows="3"
          maxLength={COMMENT_LENGTH_MAX}
          value={comment()}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      </label>
      <div class="actions">
        <button type="button" class="button" onClick={() => props.onClose()}>
          {t('app.cancel')}
        </button>
        <button type="submit" class="button button-strong">
          {t('alarms.acknowledge')}
        </button>
      </div>
    </form>
  );
}

function ActiveAlarms(): JSX.Element {
  const [asked, setAsked] = createSignal<AlarmOccurrence | null>(null);
  const [rows, setRows] = createSignal(ROWS_AT_ONCE);
  const shown = createMemo(() => sortedAlarms().slice(0, rows()));
  const more = () => Math.min(ROWS_AT_ONCE, sortedAlarms().length - shown().length);
  return (
    <>
      <ul class="alarm-list" aria-live="polite">
        <For each={shown()} fallback={<li class="quiet empty">✓ {t('alarms.empty')}</li>}>
          {(alarm) => <AlarmRow alarm={alarm} onAcknowledge={() => setAsked(alarm)} />}
        </For>
      </ul>
      <Show when={more() > 0}>
        <button type="button" class="button" onClick={() => setRows(rows() + ROWS_AT_ONCE)}>
          {t('alarms.more', { count: more() })}
        </button>
      </Show>
      <Modal
        open={asked() !== null}
        title={t('alarms.acknowledgeTitle')}
        onClose={() => setAsked(null)}
      >
        <Show when={asked()} keyed>
          {(alarm) => <Acknowledge alarm={alarm} onClose={() => setAsked(null)} />}
        </Show>
      </Modal>
    </>
  );
}

function HistoryTable(props: { list: readonly AlarmView[] }): JSX.Element {
  return (
    <TableScroll label={t('alarms.history')}>
      <table class="table">
        <thead>
          <tr>
            <th>{t('alarms.priority')}</th>
            <th>{t('alarms.raised')}</th>
            <th>{t('alarms.text')}</th>
            <th>{t('alarms.state')}</th>
            <th>{t('alarms.returned')}</th>
            <th>{t('alarms.by')}</th>
            <th>{t('alarms.note')}</th>
          </tr>
        </thead>
        <tbody>
          <For
            each={props.list}
            fallback={
              <tr>
                <td colSpan={7}>{t('alarms.empty')}</td>
              </tr>
            }
          >
            {(one) => (
              <tr>
                <td>
                  <PriorityMark priority={one.priority as Priority} calm />
                </td>
                <td>{formatTime(one.raised)}</td>
                <td>
                  {say(one.text)} <span class="quiet">{one.alarmId}</span>
                </td>
                <td>{tOr(`alarmState.${one.state}`, one.state)}</td>
                <td>{formatTime(one.returned)}</td>
                <td>{one.acknowledgedBy ?? '–'}</td>
                <td>{one.comment ?? ''}</td>
              </tr>
            )}
          </For>
        </tbody>
      </table>
    </TableScroll>
  );
}

function AlarmHistory(): JSX.Element {
  const [list, { refetch }] = createResource(() =>
    rest.get<AlarmView[]>(`/api/alarms?limit=${HISTORY_ROWS}`),
  );
  return (
    <Loaded resource={list} retry={() => void refetch()}>
      {(rows) => <HistoryTable list={rows()} />}
    </Loaded>
  );
}

/** Alarms that are not normal now, and those that were. */
export function Alarms(): JSX.Element {
  const [past, setPast] = createSignal(false);
  return (
    <section>
      <div class="display-head">
        <h1>{t('alarms.title')}</h1>
        <fieldset class="segments">
          <legend class="visually-hidden">{t('alarms.title')}</legend>
          <button
            type="button"
            class="segment"
            aria-pressed={!past()}
            onClick={() => setPast(false)}
          >
            {t('alarms.active')}
          </button>
          <button type="button" class="segment" aria-pressed={past()} onClick={() => setPast(true)}>
            {t('alarms.history')}
          </button>
        </fieldset>
      </div>
      <Show when={past()} fallback={<ActiveAlarms />}>
        <AlarmHistory />
      </Show>
    </section>
  );
}
