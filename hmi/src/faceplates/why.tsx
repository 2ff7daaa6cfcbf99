import { createResource, createSignal, For, type JSX, Show } from 'solid-js';
import type { WhyView } from '../../../server/contract/why.ts';
import { formatTime } from '../i18n/format.ts';
import { say, t } from '../i18n/language.ts';
import { rest } from '../live/rest.ts';
import { deviceOf } from '../state/mill.ts';
import { ownerText } from '../state/owner-text.ts';
import { Loaded } from '../widgets/loaded.tsx';
import { reasonText } from '../widgets/reasons.tsx';

type Step = WhyView['steps'][number];

function objectName(id: string): string {
  const device = deviceOf(id);
  return device === undefined ? ownerText(id) : `${id} · ${say(device.text)}`;
}

/** What it is about, what it is doing, what is said of it, and at a root what to do. */
function StepRow(props: { step: Step; before: Step | undefined }): JSX.Element {
  const isNext = () => props.step.object !== props.before?.object;
  return (
    <li
      class="why-step"
      classList={{ 'why-root': props.step.root }}
      style={{ '--why-depth': props.step.depth }}
    >
      <Show when={isNext()}>
        <strong>{objectName(props.step.object)}</strong>
        <Show when={props.step.state}>
          {(state) => <span class="quiet"> {t('why.state', { state: say(state()) })}</span>}
        </Show>
      </Show>
      <Show when={props.step.reason}>
        {(reason) => (
          <p>
            <span class="quiet">{t(props.step.root ? 'why.root' : 'why.follows')}: </span>
            {reasonText(reason())}
          </p>
        )}
      </Show>
      <Show when={props.step.action}>
        {(action) => (
          <p>
            <span class="quiet">{t('why.do')}: </span>
            {say(action())}
          </p>
        )}
      </Show>
    </li>
  );
}

function Chain(props: { why: WhyView }): JSX.Element {
  return (
    <>
      <Show when={props.why.firstOut}>
        {(first) => (
          <p>
            {t('why.first', {
              alarm: `${say(first().text)} (${first().alarmId})`,
              time: formatTime(Date.parse(first().raised)),
            })}
          </p>
        )}
      </Show>
      <Show when={props.why.steps.length > 1} fallback={<p class="quiet">{t('why.none')}</p>}>
        <ol class="why-chain">
          <For each={props.why.steps}>
            {(step, at) => <StepRow step={step} before={props.why.steps[at() - 1]} />}
          </For>
        </ol>
      </Show>
    </>
  );
}

function Answer(props: { id: string }): JSX.Element {
  const [why, { refetch }] = createResource(
    () => props.id,
    (id) => rest.get<WhyView>(`/api/why/${encodeURIComponent(id)}`),
  );
  const again = () => void refetch();
  return (
    <Loaded resource={why} retry={again}>
      {(answer) => (
        <>
          <Chain why={answer()} />
          <button type="button" class="button why-button" onClick={again}>
            {t('why.again')}
          </button>
        </>
      )}
    </Loaded>
  );
}

/** Why a device, route, line or order does not go on: the chain of causes, when it is asked for. */
export function WhyPanel(props: { id: string }): JSX.Element {
  const [open, setOpen] = createSignal(false);
  return (
    <section class="face-section">
      <Show
        when={open()}
        fallback={
          <button type="button" class="button why-button" onClick={() => setOpen(true)}>
            {t('why.ask')}
          </button>
        }
      >
        <h2 class="face-heading">{t('why.title')}</h2>
        <Answer id={props.id} />
      </Show>
    </section>
  );
}
