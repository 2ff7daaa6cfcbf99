import { createMemo, For, type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { routeStateTag, useRouteLook } from '../../state/look.ts';
import { mill, type Route, tagMeta } from '../../state/mill.ts';
import { selectedRoute, selectRoute } from '../../state/selection.ts';
import { Lamp } from '../../widgets/lamp.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';

/** With more routes than this only those that do something are shown, the others are chosen. */
const ALL_SHOWN_MAX = 10;

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

/** The routes that stand still, behind a choice. */
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
        <option value="">{t('route.idle', { count: props.routes.length })}</option>
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

/** All routes that publish a state, at a glance; of many, those that do not simply stand still. */
export function RouteStrip(): JSX.Element {
  const all: readonly LiveRoute[] = mill()
    .routes.filter((route) => tagMeta(routeStateTag(route.id)) !== undefined)
    .map((route) => ({ route, look: useRouteLook(route.id) }));
  const stands = ({ look }: LiveRoute) => look().look === 'off' && look().view.quality === 'good';
  const shown = createMemo(() =>
    all.length <= ALL_SHOWN_MAX ? all : all.filter((one) => !stands(one)),
  );
  const idle = createMemo(() =>
    all.filter((one) => !shown().includes(one)).map(({ route }) => route),
  );
  return (
    <ul class="route-strip" aria-label={t('route.strip')}>
      <For each={shown()}>{(one) => <RouteChip of={one} />}</For>
      <Show when={idle().length > 0}>
        <RouteChooser routes={idle()} />
      </Show>
    </ul>
  );
}
