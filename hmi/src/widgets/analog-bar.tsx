import { type JSX, Show } from 'solid-js';
import { bandOf, beyondLimit } from '../state/bands.ts';
import { tagMeta } from '../state/mill.ts';
import { useTag } from '../state/tags.ts';

function share(value: number, low: number, high: number): number {
  if (high <= low) return 0;
  return Math.min(100, Math.max(0, ((value - low) / (high - low)) * 100));
}

/**
 * A measured value on its range, with the band that is normal (ISA-101): a glance says where it is.
 * Beyond an alarm limit the bar is outlined.
 */
export function AnalogBar(props: { tag: string }): JSX.Element {
  const view = useTag(props.tag);
  const meta = () => tagMeta(props.tag);
  const number = () => {
    const value = view().value;
    return typeof value === 'number' ? value : null;
  };
  const at = (value: number) => `${share(value, meta()?.low ?? 0, meta()?.high ?? 1)}%`;
  const outside = () => beyondLimit(props.tag, view()) !== null;
  return (
    <span class={`bar q-${view().quality}`} classList={{ outside: outside() }} aria-hidden="true">
      <Show when={bandOf(props.tag)}>
        {(band) => (
          <span
            class="bar-band"
            style={{ left: at(band().low), right: `calc(100% - ${at(band().high)})` }}
          />
        )}
      </Show>
      <Show when={number() !== null}>
        <span class="bar-pointer" style={{ left: at(number() ?? 0) }} />
      </Show>
    </span>
  );
}
