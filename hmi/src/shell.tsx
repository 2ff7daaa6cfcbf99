import { A, type RouteSectionProps } from '@solidjs/router';
import { createEffect, For, type JSX, Show, Suspense } from 'solid-js';
import { Faceplate } from './faceplates/faceplate.tsx';
import { formatNumber, formatTime } from './i18n/format.ts';
import { say, t } from './i18n/language.ts';
import { LINK_ICON, Navigation } from './navigation.tsx';
import { alarmCounts } from './state/alarms.ts';
import { nowMs } from './state/clock.ts';
import { linkCounts } from './state/links.ts';
import { connected, fresh, link } from './state/live.ts';
import { mill } from './state/mill.ts';
import { session, signOut } from './state/session.ts';
import { DeviceSearch } from './widgets/device-search.tsx';
import { LanguageChoice } from './widgets/language-choice.tsx';
import { PriorityMark } from './widgets/priority-mark.tsx';
import { SentCommands } from './widgets/sent-commands.tsx';

function AlarmCounts(): JSX.Element {
  return (
    <A href="/alarms" class="counts document" classList={{ outdated: !fresh() }}>
      <span class="visually-hidden">{t('top.alarms')}</span>
      <For each={alarmCounts()}>
        {(one) => (
          <span class="count" classList={{ none: one.count === 0 }}>
            <PriorityMark priority={one.priority} calm={one.unacknowledged === 0} />
            <span class="count-number">{one.count}</span>
            <span class="visually-hidden">
              {t('alarms.unacked', { count: one.unacknowledged })}
            </span>
          </span>
        )}
      </For>
    </A>
  );
}

/** Says on every display, without shouting, that a link is lost or unprotected. */
function LinkMark(): JSX.Element {
  const words = () =>
    [
      linkCounts().down > 0 ? t('top.linksDown', { count: linkCounts().down }) : '',
      linkCounts().unprotected > 0
        ? t('top.linksUnprotected', { count: linkCounts().unprotected })
        : '',
    ].filter((one) => one !== '');
  return (
    <Show when={words().length > 0}>
      <A
        href="/links"
        class="badge link-mark document"
        classList={{ outdated: !fresh() }}
        title={words().join(', ')}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={LINK_ICON} />
        </svg>
        <span aria-hidden="true">
          {linkCounts().down > 0 ? `✕ ${linkCounts().down}` : ''}{' '}
          {linkCounts().unprotected > 0 ? `! ${linkCounts().unprotected}` : ''}
        </span>
        <span class="visually-hidden">{words().join(', ')}</span>
      </A>
    </Show>
  );
}

function TopBar(): JSX.Element {
  return (
    <header class="top">
      <span class="top-mill">{say(mill().text)}</span>
      <Show when={(link()?.speed ?? 1) !== 1}>
        <span class="badge">
          <span class="badge-word">{t('top.simulation')}</span> ×{formatNumber(link()?.speed ?? 1)}
        </span>
      </Show>
      <span class="top-space" />
      <DeviceSearch />
      <LinkMark />
      <AlarmCounts />
      <time class="clock" role="timer" aria-label={t('top.clock')}>
        <span class="clock-day">{formatTime(nowMs(), 'day')}</span> {formatTime(nowMs(), 'time')}
      </time>
      <LanguageChoice />
      <span class="top-user">
        <strong>{session()?.name}</strong>
        <span class="quiet">{t(`role.${session()?.role ?? 'operator'}`)}</span>
      </span>
      <button type="button" class="button button-quiet top-out" onClick={() => void signOut()}>
        {t('top.signOut')}
      </button>
    </header>
  );
}

/** Says on every display, in words, what cannot be trusted now. */
function Banners(): JSX.Element {
  const plcAway = () => connected() && link()?.connected === false;
  return (
    <div aria-live="assertive">
      <Show when={!connected()}>
        <p class="banner">
          <b aria-hidden="true">✕</b> {t('banner.server')}
        </p>
      </Show>
      <Show when={plcAway()}>
        <p class="banner">
          <b aria-hidden="true">✕</b>{' '}
          {t('banner.plc', { time: formatTime(link()?.sinceMs ?? 0, 'time') })}
        </p>
      </Show>
      <Show when={connected() && link()?.databaseUp === false}>
        <p class="banner banner-mild">
          <b aria-hidden="true">!</b> {t('banner.database')}
        </p>
      </Show>
    </div>
  );
}

/**
 * What stands around every display: who, when, how many alarms, where to go, what became of
 * commands.
 */
export function Shell(props: RouteSectionProps): JSX.Element {
  createEffect(() => {
    document.title = say(mill().text);
  });
  return (
    <div class="shell">
      <a class="skip" href="#display">
        {t('app.skip')}
      </a>
      <TopBar />
      <Banners />
      <Navigation />
      <main class="display" classList={{ outdated: !fresh() }} id="display" tabindex="-1">
        <Suspense fallback={<p class="loading">{t('app.loading')}</p>}>{props.children}</Suspense>
      </main>
      <Faceplate />
      <SentCommands />
    </div>
  );
}
