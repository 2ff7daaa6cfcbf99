import { For, type JSX, Show } from 'solid-js';
import { say, t } from '../i18n/language.ts';
import { statusOf } from '../state/live.ts';
import { type Device, roleOf } from '../state/mill.ts';
import { CommandButton } from '../widgets/command-button.tsx';
import { CommandOutcome } from '../widgets/command-outcome.tsx';
import { Reasons } from '../widgets/reasons.tsx';
import { TagValue } from '../widgets/tag-value.tsx';

const COMMANDS = ['bin.release', 'bin.hold', 'bin.cleaned'] as const;

function Fact(props: { name: string; value: string | null | undefined }): JSX.Element {
  return (
    <Show when={props.value}>
      <dt>{props.name}</dt>
      <dd>{props.value}</dd>
    </Show>
  );
}

/** A finished bin: its state, what lies in it, why it may not leave, and what quality may do. */
export function FinishedBin(props: { device: Device }): JSX.Element {
  const status = () => statusOf('bin', props.device.id);
  const product = () => status()?.content?.product ?? { vi: '', en: '' };
  return (
    <Show when={roleOf(props.device.id, 'BinState')}>
      {(tag) => (
        <section class="face-section">
          <dl class="facts">
            <dt>{t('face.state')}</dt>
            <dd class="face-state">
              <TagValue tag={tag().name} />
            </dd>
            <Fact name={t('bin.product')} value={say(product())} />
            <Fact name={t('bin.lot')} value={status()?.content?.lot} />
            <Fact name={t('bin.order')} value={status()?.content?.orderId} />
          </dl>
          <Show when={(status()?.reasons.length ?? 0) > 0}>
            <h2 class="face-heading">{t('face.why')}</h2>
            <Reasons list={status()?.reasons ?? []} />
          </Show>
          <div class="actions actions-left">
            <For each={COMMANDS}>
              {(name) => <CommandButton name={name} target={props.device.id} />}
            </For>
          </div>
          <CommandOutcome target={props.device.id} />
        </section>
      )}
    </Show>
  );
}
