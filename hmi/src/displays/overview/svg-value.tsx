import { type JSX, Show } from 'solid-js';
import { beyondLimit, LIMIT_SIGNS } from '../../state/bands.ts';
import { tagMeta } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import { QUALITY_SIGNS, scalarText, unitOf } from '../../widgets/value-text.ts';

const SIZE = 11.5;
/** Width of a letter against its size, about. */
const LETTER_SHARE = 0.6;

/** A live value in the drawing. `quiet` leaves out a good zero: what stands still says nothing. */
export function SvgValue(props: {
  tag: string;
  x: number;
  y: number;
  size?: number;
  quiet?: boolean;
  unit?: boolean;
  /** Room for it, in grid units: a longer text is condensed. */
  fit?: number;
}): JSX.Element {
  const view = useTag(props.tag);
  const meta = () => tagMeta(props.tag);
  const beyond = () => beyondLimit(props.tag, view());
  const hidden = () => props.quiet === true && view().quality === 'good' && isZero();
  const condensed = () => {
    const room = props.fit;
    const text = `${scalarText(meta(), view().value)} ${unitOf(meta())}`.trim();
    const needed = text.length * (props.size ?? SIZE) * LETTER_SHARE;
    return room !== undefined && needed > room ? room : undefined;
  };
  const isZero = () => {
    const value = view().value;
    return (
      value === null || value === false || (typeof value === 'number' && Math.abs(value) < 0.05)
    );
  };
  return (
    <Show when={!hidden()}>
      <text
        class={`svg-value q-${view().quality}`}
        classList={{ 'svg-beyond': beyond() !== null }}
        x={props.x}
        y={props.y}
        style={{ 'font-size': `${props.size ?? SIZE}px` }}
        textLength={condensed()}
        lengthAdjust="spacingAndGlyphs"
      >
        <Show when={beyond()}>{(side) => <tspan>{LIMIT_SIGNS[side()]} </tspan>}</Show>
        <tspan class="svg-number">{scalarText(meta(), view().value)}</tspan>
        <Show when={props.unit !== false && unitOf(meta()) !== ''}>
          <tspan class="svg-unit"> {unitOf(meta())}</tspan>
        </Show>
        <Show when={view().quality !== 'good'}>
          <tspan class="svg-sign"> {QUALITY_SIGNS[view().quality]}</tspan>
        </Show>
      </text>
    </Show>
  );
}
