import { createMemo, For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { routeStateTag, useRouteLook } from '../../state/look.ts';
import { mill, type Route, tagMeta } from '../../state/mill.ts';
import { selectedRoute, selectRoute } from '../../state/selection.ts';
import { narrow } from '../../state/viewport.ts';
import { Lamp } from '../../widgets/lamp.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';

/** With more routes than this only those that do something are shown, the others are chosen. */
const ALL_SHOWN_MAX = 10;
/** One row of a wide screen. */
const SHOWN_MAX = 7;
const SHOWN_ON_PHONE_MAX = 5;

interface LiveRoute {
  readonly route: Route;
  readonly look: ReturnType<typeof useRouteLook>;
}

/** One route: a lamp whose letter tells a trip, its name and state; opens its faceplate. */
function RouteChip(props: { of: LiveRoute }): JSX.Element {
  const { route, look } = props.of;
  return (
    <li>
      <button
        type="button"
        class={`route-chip route-${look().look}`}
        classList={{ selected: selectedRoute() === route.id }}
        data-route={route.id}
        onClick={() => selectRoute(route.id)}
      >
        <Lamp look={look().look} quality={look().view.quality} />
        <span class="route-chip-name">{say(route.text)}</span>
        <TagValue tag={routeStateTag(route.id)} />
      </button>
    </li>
  );
}

/** The routes that have no place of their own, behind a choice. */
function RouteChooser(props: { routes: readonly Route[] }): JSX.Element {
  return (
    <li>
      <select
        class="route-choice"
        aria-label={t('route.choose')}
        onChange={(event) => {
          if (event.currentTarget.value !== '') selectRoute(event.currentTarget.value);
          event.currentTarget.value = '';
        }}
      >
        <option value="">{t('route.more', { count: props.routes.length })}</option>
        <For each={props.routes}>
          {(route) => (
            <option value={route.id}>
              {say(route.text)} ({route.id})
            </option>
          )}
        </For>
      </select>
    </li>
  );
}

/** What needs a person first, then what moves, then what stands still. */
function urgency({ look }: LiveRoute): number {
  const now = look();
  if (now.look === 'fault') return 0;
  if (now.view.quality !== 'good') return 1;
  return now.look === 'off' ? 3 : 2;
}

/** All routes that publish a state, at a glance; of many, those that do not simply stand still. */
export function RouteStrip(): JSX.Element {
  const all: readonly LiveRoute[] = mill()
    .routes.filter((route) => tagMeta(routeStateTag(route.id)) !== undefined)
    .map((route) => ({ route, look: useRouteLook(route.id) }));
  const shown = createMemo(() => {
    if (all.length <= ALL_SHOWN_MAX) return all;
    const moving = all.filter((one) => urgency(one) < 3);
    // The sort keeps the order of the mill file among routes of the same urgency.
    const first = moving.sort((a, b) => urgency(a) - urgency(b));
    return first.slice(0, narrow() ? SHOWN_ON_PHONE_MAX : SHOWN_MAX);
  });
  const others = createMemo(() =>
    all.filter((one) => !shown().includes(one)).map(({ route }) => route),
  );
  return (
    <ul class="route-strip" aria-label={t('route.strip')}>
      <For each={shown()}>{(one) => <RouteChip of={one} />}</For>
      <Show when={others().length > 0}>
        <RouteChooser routes={others()} />
      </Show>
    </ul>
  );
}
