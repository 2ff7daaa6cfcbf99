import { createSignal, For, type JSX, Match, Show, Switch } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { statusOf } from '../state/live.ts';
import { routeStateTag, useRouteLook } from '../state/look.ts';
import { deviceOf, mill, type Route, settingText } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { routeWay } from '../state/route-way.ts';
import { may } from '../state/session.ts';
import { Choice } from '../widgets/choice.tsx';
import { CommandButton } from '../widgets/command-button.tsx';
import { CommandOutcome } from '../widgets/command-outcome.tsx';
import { DeviceRow } from '../widgets/device-row.tsx';
import { Lamp } from '../widgets/lamp.tsx';
import { Reasons } from '../widgets/reasons.tsx';
import { TagValue } from '../widgets/tag-value.tsx';
import { RouteHolding } from './route-queue.tsx';
import { WhyPanel } from './why.tsx';

const COMMANDS = [
  'route.start',
  'route.change',
  'route.stop',
  'route.reset',
  'route.cleaned',
] as const;

/** From where to where: of the running route, or as a person chooses it for the next start. */
interface Ends {
  readonly source: string;
  readonly destination: string;
  /** Where it goes on to when the destination is full; empty: as proposed. */
  readonly second: string;
}

/** Chosen where a route shall stop at a high level. */
const NOWHERE = '-';

/** Another bin of the same material, to go on to at a high level; empty where there is none. */
function proposedSecond(route: Route, destination: string): string {
  const meant = settingText(deviceOf(destination), 'material');
  if (meant === null) return '';
  const alike = route.destinations.filter(
    (id) => id !== destination && settingText(deviceOf(id), 'material') === meant,
  );
  return alike[0] ?? '';
}

/** The second destination that was chosen, or the one that is proposed. */
function secondOf(route: Route, { destination, second }: Ends): string {
  if (second === NOWHERE || second === destination) return '';
  return second === '' ? proposedSecond(route, destination) : second;
}

/** The arguments of a START: with a second destination unless none is wanted. */
function startArgs(route: Route, ends: Ends): Readonly<Record<string, unknown>> {
  const { source, destination } = ends;
  const second = secondOf(route, ends);
  return { source, destination, wait: true, ...(second === '' ? {} : { second }) };
}

function named(id: string): string {
  const device = deviceOf(id);
  return device === undefined ? id : `${id} · ${say(device.text)}`;
}

function RouteState(props: { route: Route }): JSX.Element {
  const look = useRouteLook(props.route.id);
  const status = () => statusOf('route', props.route.id);
  const owner = () => status()?.owner ?? null;
  const end = (id: string | null | undefined) => (id == null ? '–' : named(id));
  return (
    <section class="face-section">
      <dl class="facts">
        <dt>{t('face.state')}</dt>
        <dd class="face-state">
          <Lamp look={look().look} quality={look().view.quality} />
          <TagValue tag={routeStateTag(props.route.id)} />
        </dd>
        <dt>{t('route.source')}</dt>
        <dd>{end(status()?.source)}</dd>
        <dt>{t('route.destination')}</dt>
        <dd>{end(status()?.destination)}</dd>
        <dt>{t('route.requestedBy')}</dt>
        <dd>{owner() === null ? t('route.nobody') : ownerText(owner() ?? '')}</dd>
      </dl>
      <Show when={(status()?.reasons.length ?? 0) > 0}>
        <h2 class="face-heading">{t('route.why')}</h2>
        <Reasons list={status()?.reasons ?? []} />
      </Show>
    </section>
  );
}

function StartForm(props: { route: Route; ends: Ends; choose: (ends: Ends) => void }): JSX.Element {
  const options = (ids: readonly string[]) => ids.map((id): [string, string] => [id, named(id)]);
  return (
    <Show when={may('route.start')}>
      <div class="fields">
        <Choice
          label={t('route.source')}
          value={props.ends.source}
          options={options(props.route.sources)}
          onChange={(source) => props.choose({ ...props.ends, source })}
        />
        <Choice
          label={t('route.destination')}
          value={props.ends.destination}
          options={options(props.route.destinations)}
          onChange={(destination) => props.choose({ ...props.ends, destination })}
        />
        <Choice
          label={t('route.second')}
          value={secondOf(props.route, props.ends) || NOWHERE}
          options={[
            [NOWHERE, t('route.noSecond')],
            ...options(props.route.destinations.filter((id) => id !== props.ends.destination)),
          ]}
          onChange={(second) => props.choose({ ...props.ends, second })}
        />
      </div>
      <div class="actions actions-left">
        <CommandButton
          name="route.start"
          target={props.route.id}
          args={startArgs(props.route, props.ends)}
        />
        <Cleaned route={props.route} ends={props.ends} />
      </div>
    </Show>
  );
}

/** After cleaning by hand; offered where something is left of a drug. */
function Cleaned(props: { route: Route; ends: Ends }): JSX.Element {
  const args = () => ({ source: props.ends.source, destination: props.ends.destination });
  return (
    <Show when={(statusOf('route', props.route.id)?.residues.length ?? 0) > 0}>
      <CommandButton name="route.cleaned" target={props.route.id} args={args()} />
    </Show>
  );
}

/** While it runs: on to another destination, with its source closed and its way cleared before. */
function ChangeForm(props: { route: Route }): JSX.Element {
  const now = () => statusOf('route', props.route.id)?.destination ?? '';
  const others = () => props.route.destinations.filter((id) => id !== now());
  const [chosen, choose] = createSignal('');
  const destination = () => (others().includes(chosen()) ? chosen() : (others()[0] ?? ''));
  return (
    <Show when={may('route.change') && others().length > 0}>
      <div class="fields">
        <Choice
          label={t('route.destination')}
          value={destination()}
          options={others().map((id): [string, string] => [id, named(id)])}
          onChange={choose}
        />
      </div>
      <div class="actions actions-left">
        <CommandButton
          name="route.change"
          target={props.route.id}
          args={{ destination: destination() }}
        />
      </div>
    </Show>
  );
}

/** What may be done in the state it is in; the controller has the last word. */
function RouteCommands(props: {
  route: Route;
  ends: Ends;
  choose: (ends: Ends) => void;
}): JSX.Element {
  const state = () => statusOf('route', props.route.id)?.state;
  const mayAny = () => COMMANDS.some((name) => may(name));
  return (
    <section class="face-section">
      <h2 class="face-heading">{t('face.commands')}</h2>
      <Show when={mayAny()} fallback={<p class="quiet">{t('route.noCommands')}</p>}>
        <Switch fallback={<p class="quiet">{t('route.unknown')}</p>}>
          <Match when={state() === 'Idle'}>
            <StartForm route={props.route} ends={props.ends} choose={props.choose} />
          </Match>
          <Match when={['Starting', 'Running', 'Changing'].includes(state() ?? '')}>
            <Show when={state() === 'Running'}>
              <ChangeForm route={props.route} />
            </Show>
            <div class="actions actions-left">
              <CommandButton name="route.stop" target={props.route.id} />
            </div>
          </Match>
          <Match when={state() === 'Tripped'}>
            <div class="actions actions-left">
              <CommandButton name="route.reset" target={props.route.id} />
            </div>
          </Match>
          <Match when={state() === 'Clearing'}>
            <p class="quiet">{t('route.noneNow')}</p>
          </Match>
        </Switch>
      </Show>
      <CommandOutcome target={props.route.id} />
    </section>
  );
}

/** The devices that product passes, in its order, each with what it does now. */
function RouteWay(props: { ends: Ends }): JSX.Element {
  const way = () => routeWay(mill(), props.ends.source, props.ends.destination);
  const devices = () => way().flatMap((id) => deviceOf(id) ?? []);
  return (
    <section class="face-section">
      <h2 class="face-heading">
        {t('route.way')}: {props.ends.source} → {props.ends.destination}
      </h2>
      <ul class="route-way">
        <For
          each={devices()}
          fallback={<li class="quiet">{t('route.noWay', { ...props.ends })}</li>}
        >
          {(device) => <DeviceRow device={device} />}
        </For>
      </ul>
    </section>
  );
}

/** The faceplate of a route: what it does and why, its commands, and the devices on its way. */
export function RouteBody(props: { route: Route }): JSX.Element {
  const [chosen, choose] = createSignal<Ends>({
    source: props.route.sources[0] ?? '',
    destination: props.route.destinations[0] ?? '',
    second: '',
  });
  const status = () => statusOf('route', props.route.id);
  const ends = () => {
    const { source = null, destination = null } = status() ?? {};
    if (source === null || destination === null) return chosen();
    return { source, destination, second: '' };
  };
  return (
    <div class="face-body">
      <RouteState route={props.route} />
      <WhyPanel id={props.route.id} />
      <RouteHolding route={props.route} />
      <RouteCommands route={props.route} ends={chosen()} choose={choose} />
      <RouteWay ends={ends()} />
    </div>
  );
}
