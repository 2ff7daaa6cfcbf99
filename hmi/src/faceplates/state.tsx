import { A } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { displayOf, hasSections } from '../state/displays.ts';
import { statusOf } from '../state/live.ts';
import { stateTagOf, useLook } from '../state/look.ts';
import { type Device, mill } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { Lamp } from '../widgets/lamp.tsx';
import { Reasons } from '../widgets/reasons.tsx';
import { StateValue } from '../widgets/state-value.tsx';

/** What it does, who controls it, and why it does not run. */
export function FaceplateState(props: { device: Device }): JSX.Element {
  const look = useLook(props.device);
  const state = stateTagOf(props.device);
  const status = () => statusOf('device', props.device.id);
  const owner = () => status()?.owner ?? null;
  const area = () => mill().areas.find((one) => one.id === props.device.area);
  return (
    <section class="face-section">
      <dl class="facts">
        <Show when={state}>
          <dt>{t('face.state')}</dt>
          <dd class="face-state">
            <Lamp look={look().look} quality={look().view.quality} />
            <StateValue device={props.device} />
          </dd>
        </Show>
        <dt>{t('face.area')}</dt>
        <dd>
          {say(props.device.typeText)}
          <Show when={area()}>{(one) => <> · {say(one().text)}</>}</Show>
        </dd>
        <Show when={hasSections() ? displayOf(props.device) : undefined}>
          {(display) => (
            <>
              <dt>{t('face.display')}</dt>
              <dd>
                <A href={`/display/${display().id}`}>{say(display().text)}</A>
              </dd>
            </>
          )}
        </Show>
        <Show when={status()}>
          <dt>{t('face.owner')}</dt>
          <dd>{owner() === null ? t('face.nobody') : ownerText(owner() ?? '')}</dd>
        </Show>
      </dl>
      <Show when={(status()?.reasons.length ?? 0) > 0}>
        <h2 class="face-heading">{t('face.why')}</h2>
        <Reasons list={status()?.reasons ?? []} />
      </Show>
    </section>
  );
}
