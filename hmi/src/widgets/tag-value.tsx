import { type JSX, Show } from 'solid-js';
import { beyondLimit, LIMIT_SIGNS } from '../state/bands.ts';
import { tagMeta } from '../state/mill.ts';
import { useTag } from '../state/tags.ts';
import { QUALITY_SIGNS, scalarText, spoken, unitOf } from './value-text.ts';

/**
 * A live value with its unit and quality: struck and hatched when stale, dimmed and crossed when
 * bad, with a sign when it is beyond an alarm limit.
 */
export function TagValue(props: { tag: string; class?: string }): JSX.Element {
  const view = useTag(props.tag);
  const meta = () => tagMeta(props.tag);
  const beyond = () => beyondLimit(props.tag, view());
  return (
    <span
      classList={{ 'value-beyond': beyond() !== null }}
      class={`value q-${view().quality} ${props.class ?? ''}`}
      role="img"
      aria-label={spoken(meta(), view())}
    >
      <Show when={beyond()}>
        {(side) => <span class="value-limit">{LIMIT_SIGNS[side()]}</span>}
      </Show>
      <span class="value-number">{scalarText(meta(), view().value)}</span>
      <Show when={unitOf(meta()) !== ''}>
        <span class="value-unit">{unitOf(meta())}</span>
      </Show>
      <Show when={view().quality !== 'good'}>
        <span class="value-sign">{QUALITY_SIGNS[view().quality]}</span>
      </Show>
    </span>
  );
}
