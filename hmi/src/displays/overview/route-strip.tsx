import { For, type JSX } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { routeStateTag, useRouteLook } from '../../state/look.ts';
import { mill, type Route, tagMeta } from '../../state/mill.ts';
import { selectedRoute, selectRoute } from '../../state/selection.ts';
import { Lamp } from '../../widgets/lamp.tsx';
import { TagValue } from '../../widgets/tag-value.tsx';

/** One route: a lamp whose letter tells a trip, its name and state; opens its faceplate. */
function RouteChip(props: { route: Route }): JSX.Element {
  const look = useRouteLook(props.route.id);
  return (
    <li>
      <button
        type="button"
        class={`route-chip route-${look().look}`}
        classList={{ selected: selectedRoute() === props.route.id }}
        data-route={props.route.id}
        onClick={() => selectRoute(props.route.id)}
      >
        <Lamp look={look().look} quality={look().view.quality} />
        <span class="route-chip-name">{say(props.route.text)}</span>
        <TagValue tag={routeStateTag(props.route.id)} />
      </button>
    </li>
  );
}

/** All routes that publish a state, at a glance. */
export function RouteStrip(): JSX.Element {
  const shown = () =>
    mill().routes.filter((route) => tagMeta(routeStateTag(route.id)) !== undefined);
  return (
    <ul class="route-strip" aria-label={t('route.strip')}>
      <For each={shown()}>{(route) => <RouteChip route={route} />}</For>
    </ul>
  );
}
