import { A, type RouteSectionProps } from '@solidjs/router';
import { createEffect, For, type JSX, Show, Suspense } from 'solid-js';
import { Faceplate } from './faceplates/faceplate.tsx';
import type { WordKey } from './i18n/dictionary.ts';
import { formatNumber, formatTime } from './i18n/format.ts';
import { say, t } from './i18n/language.ts';
import { alarmCounts } from './state/alarms.ts';
import { nowMs } from './state/clock.ts';
import { linkCounts } from './state/links.ts';
import { connected, fresh, link } from './state/live.ts';
import { mill } from './state/mill.ts';
import { may, session, signOut } from './state/session.ts';
import { DeviceSearch } from './widgets/device-search.tsx';
import { LanguageChoice } from './widgets/language-choice.tsx';
import { PriorityMark } from './widgets/priority-mark.tsx';
import { SentCommands } from './widgets/sent-commands.tsx';

interface Place {
  readonly href: string;
  readonly word: WordKey;
  readonly door: string;
  readonly icon: string;
  readonly end?: boolean;
}

/** A plug in its socket. */
const LINK_ICON = 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4';

/** Where one can go; what the session may not see is not offered. Icons are paths in 24 x 24. */
const PLACES: readonly Place[] = [
  {
    href: '/',
    word: 'nav.overview',
    door: 'mill.read',
    end: true,
    icon: 'M3 21V9l6-4v5l6-4v5l6-4v14z',
  },
  { href: '/line', word: 'nav.line', door: 'orders.read', icon: 'M4 4h16l-5 8v4h-6v-4zM8 20h8' },
  {
    href: '/trucks',
    word: 'nav.trucks',
    door: 'trucks.read',
    icon: 'M2 6h12v10H2zM14 10h4l4 3v3h-8zM6 16a2 2 0 1 0 .1 0M18 16a2 2 0 1 0 .1 0',
  },
  {
    href: '/stock',
    word: 'nav.stock',
    door: 'stock.read',
    icon: 'M5 3h14v13l-5 5h-4l-5-5zM5 8h14M5 13h14',
  },
  {
    href: '/plan',
    word: 'nav.plan',
    door: 'plan.read',
    icon: 'M4 5h10v3H4zM8 11h12v3H8zM6 17h9v3H6z',
  },
  {
    href: '/recipes',
    word: 'nav.recipes',
    door: 'recipes.read',
    icon: 'M9 3h6v4l4 11a2 2 0 0 1-2 3H7a2 2 0 0 1-2-3L9 7zM7 15h10',
  },
  { href: '/trend', word: 'nav.trend', door: 'history.read', icon: 'M3 3v18h18M6 15l4-5 4 3 6-8' },
  {
    href: '/alarms',
    word: 'nav.alarms',
    door: 'alarms.read',
    icon: 'M12 3l9.5 17h-19zM12 9v6M12 17v1.5',
  },
  {
    href: '/report',
    word: 'nav.report',
    door: 'reports.read',
    icon: 'M5 3h14v18h-14zM9 17v-4M12 17v-8M15 17v-6',
  },
  {
    href: '/records',
    word: 'nav.records',
    door: 'orders.read',
    icon: 'M4 5h16M4 10h16M4 15h16M4 20h10',
  },
  { href: '/links', word: 'nav.links', door: 'links.read', icon: LINK_ICON },
  {
    href: '/audit',
    word: 'nav.audit',
    door: 'audit.read',
    icon: 'M6 3h12v18h-12zM9 8h6M9 12h6M9 16h3',
  },
  {
    href: '/users',
    word: 'nav.users',
    door: 'users.read',
    icon: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 21c1-6 15-6 16 0',
  },
];

function Navigation(): JSX.Element {
  return (
    <nav class="nav" aria-label={t('nav.label')}>
      <For each={PLACES.filter((place) => may(place.door))}>
        {(place) => (
          <A href={place.href} class="nav-place" activeClass="nav-here" end={place.end ?? false}>
            <svg viewBox="0 0 24 24" aria-hidden="true">
              <path d={place.icon} />
            </svg>
            <span>{t(place.word)}</span>
          </A>
        )}
      </For>
    </nav>
  );
}

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
