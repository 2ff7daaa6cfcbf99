import { For, Index, type JSX, Show } from 'solid-js';
import type { LinkStatus } from '../../../../server/contract/live.ts';
import { LINK_TROUBLES } from '../../../../server/contract/states.ts';
import { formatTime } from '../../i18n/format.ts';
import { say, t } from '../../i18n/language.ts';
import { nowMs } from '../../state/clock.ts';
import { conditionOf, type LinkCondition } from '../../state/link-condition.ts';
import { findingsOf } from '../../state/links.ts';

const SIGNS: Readonly<Record<LinkCondition, string>> = {
  down: '✕',
  poor: '!',
  waiting: '…',
  well: '',
};

/** Whether it answers and since when; a sign and a word, never colour alone. */
export function LinkState(props: { link: LinkStatus }): JSX.Element {
  const condition = () => conditionOf(props.link, nowMs());
  return (
    <span class={`link-state link-state-${condition()}`}>
      <Show when={SIGNS[condition()] !== ''}>
        <b class="link-sign" aria-hidden="true">
          {SIGNS[condition()]}
        </b>
      </Show>
      <span>{t(`links.state.${condition()}`)}</span>
      <Show when={props.link.sinceMs}>
        {(since) => <span class="quiet link-since">{sinceText(since(), props.link.online)}</span>}
      </Show>
    </span>
  );
}

/** The time alone while it is today's, else with the day. */
function sinceText(sinceMs: number, isOnline: boolean): string {
  const isToday = formatTime(sinceMs, 'day') === formatTime(nowMs(), 'day');
  const word = isOnline ? 'links.upSince' : 'links.since';
  return t(word, { time: formatTime(sinceMs, isToday ? 'time' : 'short') });
}

/** Name of a unit, or of the connection. */
export function linkName(of: LinkStatus): string {
  return of.unitId === null ? of.connection : t('links.unit', { unit: of.unitId });
}

/** What is wrong, what to do and who does it; the library's own words for whoever looks them up. */
export function LinkFindings(props: { link: LinkStatus }): JSX.Element {
  const findings = () => findingsOf(props.link, nowMs());
  const isDown = () => conditionOf(props.link, nowMs()) === 'down';
  return (
    <Show when={findings().length > 0}>
      <ul class="link-findings">
        <Index each={findings()}>
          {(one) => (
            <li>
              <strong>{one().text}.</strong> <i class="link-who">{t(`role.${one().who}`)}:</i>{' '}
              {one().action}.
            </li>
          )}
        </Index>
      </ul>
      <Show when={isDown() && props.link.lastError}>
        {(words) => (
          <p class="quiet link-words">
            {t('links.original')}: <code>{words()}</code>
          </p>
        )}
      </Show>
      <MissingTags link={props.link} />
    </Show>
  );
}

function MissingTags(props: { link: LinkStatus }): JSX.Element {
  const count = () => props.link.unmonitored.count;
  const more = () => count() - props.link.unmonitored.tags.length;
  return (
    <Show when={count() > 0}>
      <details class="link-missing">
        <summary>{t('links.missingList', { count: count() })}</summary>
        <ul>
          <For each={props.link.unmonitored.tags}>{(tag) => <li>{tag}</li>}</For>
        </ul>
        <Show when={more() > 0}>
          <p class="quiet">{t('links.missingMore', { count: more() })}</p>
        </Show>
      </details>
    </Show>
  );
}

/** The last error of a link that is well again: quiet, for whoever asks what it was. */
export function PastTrouble(props: { link: LinkStatus }): JSX.Element {
  const past = () => (props.link.online ? props.link.trouble : null);
  return (
    <Show when={past()}>
      {(code) => (
        <span class="quiet" title={props.link.lastError ?? ''}>
          {say(LINK_TROUBLES[code()].text)}
        </span>
      )}
    </Show>
  );
}
