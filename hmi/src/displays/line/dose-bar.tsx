import { type JSX, Show } from 'solid-js';
import type { DoseProgress } from '../../../../server/contract/live.ts';

/** The target stands at this share of the bar, so that an overdose has room, %. */
const TARGET_AT = 80;

/**
 * A dose against its target: the filled part is what came, the line is the target, the band its
 * tolerance.
 * The band is never narrower than can be seen; the figures beside the bar are exact.
 */
export function DoseBar(props: {
  targetKg: number;
  actualKg: number | null;
  toleranceKg: number;
  state: DoseProgress['state'];
}): JSX.Element {
  const at = (kg: number) => Math.min(100, Math.max(0, (kg / props.targetKg) * TARGET_AT));
  const band = () => Math.max(1.2, (props.toleranceKg / props.targetKg) * TARGET_AT);
  const outside = () =>
    props.actualKg !== null &&
    (props.state === 'done' || props.state === 'deciding') &&
    Math.abs(props.actualKg - props.targetKg) > props.toleranceKg;
  return (
    <span class="dose-bar" classList={{ outside: outside() }} aria-hidden="true">
      <span class="dose-band" style={{ left: `${TARGET_AT - band()}%`, width: `${band() * 2}%` }} />
      <Show when={props.actualKg !== null}>
        <span class="dose-came" style={{ width: `${at(props.actualKg ?? 0)}%` }} />
      </Show>
      <span class="dose-target" style={{ left: `${TARGET_AT}%` }} />
    </span>
  );
}
