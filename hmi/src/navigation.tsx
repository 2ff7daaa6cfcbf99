import { A, useLocation } from '@solidjs/router';
import { createSignal, createUniqueId, For, type JSX, Show } from 'solid-js';
import type { WordKey } from './i18n/dictionary.ts';
import { t } from './i18n/language.ts';
import { may } from './state/session.ts';
import { narrow } from './state/viewport.ts';

interface Place {
  readonly href: string;
  readonly word: WordKey;
  readonly door: string;
  /** A path in 24 x 24. */
  readonly icon: string;
  readonly end?: boolean;
}

/** Places of one kind of work. On a phone a group is one button, drawn as its first place. */
interface Group {
  readonly word: WordKey;
  readonly places: readonly Place[];
}

/** A plug in its socket. */
export const LINK_ICON = 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0zM12 17v4';

const NOW: Group = {
  word: 'nav.group.now',
  places: [
    {
      href: '/',
      word: 'nav.overview',
      door: 'mill.read',
      end: true,
      icon: 'M3 21V9l6-4v5l6-4v5l6-4v14z',
    },
    {
      href: '/alarms',
      word: 'nav.alarms',
      door: 'alarms.read',
      icon: 'M12 3l9.5 17h-19zM12 9v6M12 17v1.5',
    },
    {
      href: '/trend',
      word: 'nav.trend',
      door: 'history.read',
      icon: 'M3 3v18h18M6 15l4-5 4 3 6-8',
    },
  ],
};

const MAKING: Group = {
  word: 'nav.group.making',
  places: [
    { href: '/line', word: 'nav.line', door: 'orders.read', icon: 'M4 4h16l-5 8v4h-6v-4zM8 20h8' },
    {
      href: '/packing',
      word: 'nav.packing',
      door: 'batches.read',
      icon: 'M7 3h10l-2 4 3 3v11H6V10l3-3zM9 7h6M9 14h6',
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
  ],
};

const MATERIALS: Group = {
  word: 'nav.group.materials',
  places: [
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
      href: '/drugs',
      word: 'nav.drugs',
      door: 'drugs.read',
      icon: 'M5 14a5 5 0 0 1 0-7l2-2a5 5 0 0 1 7 0l5 5a5 5 0 0 1 0 7l-2 2a5 5 0 0 1-7 0zM8 17l9-9',
    },
  ],
};

const RECORDS: Group = {
  word: 'nav.group.records',
  places: [
    {
      href: '/records',
      word: 'nav.records',
      door: 'orders.read',
      icon: 'M4 5h16M4 10h16M4 15h16M4 20h10',
    },
    {
      href: '/trace',
      word: 'nav.trace',
      door: 'orders.read',
      icon: 'M3 4h6v5H3zM3 15h6v5H3zM15 9h6v6h-6zM9 6h3v12H9M12 12h3',
    },
    {
      href: '/report',
      word: 'nav.report',
      door: 'reports.read',
      icon: 'M5 3h14v18h-14zM9 17v-4M12 17v-8M15 17v-6',
    },
  ],
};

const SYSTEM: Group = {
  word: 'nav.group.system',
  places: [
    { href: '/links', word: 'nav.links', door: 'links.read', icon: LINK_ICON },
    {
      href: '/storage',
      word: 'nav.storage',
      door: 'storage.read',
      icon: 'M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0',
    },
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
  ],
};

/** Where one can go, in the order in which a shift goes there. */
const GROUPS: readonly Group[] = [NOW, MAKING, MATERIALS, RECORDS, SYSTEM];

/** What the session may not see is not offered. */
function offered(group: Group): readonly Place[] {
  return group.places.filter((place) => may(place.door));
}

function isAt(place: Place, path: string): boolean {
  return place.end === true ? path === place.href : path.startsWith(place.href);
}

function Icon(props: { path: string }): JSX.Element {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={props.path} />
    </svg>
  );
}

function PlaceLink(props: { place: Place; gone?: () => void }): JSX.Element {
  return (
    <li>
      <A
        href={props.place.href}
        class="nav-place"
        activeClass="nav-here"
        end={props.place.end ?? false}
        onClick={() => props.gone?.()}
      >
        <Icon path={props.place.icon} />
        <span>{t(props.place.word)}</span>
      </A>
    </li>
  );
}

/** Beside the display: every place of a group, under its name. */
function GroupList(props: { group: Group }): JSX.Element {
  const head = createUniqueId();
  return (
    <div class="nav-group">
      <p class="nav-head" id={head}>
        {t(props.group.word)}
      </p>
      <ul aria-labelledby={head}>
        <For each={offered(props.group)}>{(place) => <PlaceLink place={place} />}</For>
      </ul>
    </div>
  );
}

/** On a phone: a button below the display that shows the places of its group above itself. */
function GroupButton(props: { group: Group; open: boolean; toggle: () => void }): JSX.Element {
  const location = useLocation();
  const menu = createUniqueId();
  const here = () => offered(props.group).some((place) => isAt(place, location.pathname));
  return (
    <>
      <button
        type="button"
        class="nav-place"
        classList={{ 'nav-here': here() }}
        aria-expanded={props.open}
        aria-controls={props.open ? menu : undefined}
        onClick={() => props.toggle()}
      >
        <Icon path={offered(props.group)[0]?.icon ?? ''} />
        <span>{t(props.group.word)}</span>
      </button>
      <Show when={props.open}>
        <ul class="nav-menu" id={menu}>
          <For each={offered(props.group)}>
            {(place) => <PlaceLink place={place} gone={() => props.toggle()} />}
          </For>
        </ul>
      </Show>
    </>
  );
}

/** The bar of a phone: one group open at a time, closed again by going somewhere. */
function PhoneBar(): JSX.Element {
  const [open, setOpen] = createSignal<Group | null>(null);
  return (
    <For each={GROUPS.filter((group) => offered(group).length > 0)}>
      {(group) => (
        <GroupButton
          group={group}
          open={open() === group}
          toggle={() => setOpen((now) => (now === group ? null : group))}
        />
      )}
    </For>
  );
}

/** Every place of the screen, by kind of work. */
export function Navigation(): JSX.Element {
  return (
    <nav class="nav" aria-label={t('nav.label')}>
      <Show when={!narrow()} fallback={<PhoneBar />}>
        <For each={GROUPS.filter((group) => offered(group).length > 0)}>
          {(group) => <GroupList group={group} />}
        </For>
      </Show>
    </nav>
  );
}
