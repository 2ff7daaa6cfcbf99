import type { JSX } from 'solid-js';

/** How much of something is done, with the figures in words. */
export function Progress(props: { value: number; max: number; label: string }): JSX.Element {
  const share = () => (props.max > 0 ? Math.min(100, (props.value / props.max) * 100) : 0);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-valuemin="0"
      aria-valuemax="100"
      aria-valuenow={Math.round(share())}
      aria-label={props.label}
    >
      <div class="progress-done" style={{ width: `${share()}%` }} />
      <span class="progress-text" aria-hidden="true">
        {props.label}
      </span>
    </div>
  );
}
