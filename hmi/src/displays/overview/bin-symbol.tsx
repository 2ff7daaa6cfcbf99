import { createUniqueId, For, type JSX, Show } from 'solid-js';
import { say } from '../../i18n/language.ts';
import { materialOf, roleOf, setting, settingText } from '../../state/mill.ts';
import { useTag } from '../../state/tags.ts';
import type { Box } from './geometry.ts';
import { SvgValue } from './svg-value.tsx';
import type { Device } from './view-types.ts';

/** Width of a letter of a material's name, about; a longer name is condensed to the bin's width. */
const LETTER_W = 5.6;

/** A bin's outline: straight sides and, where it is high enough, a hopper bottom. */
function outline(w: number, h: number): string {
  const [side, foot] = [w / 2, w * 0.18];
  const waist = h / 2 - Math.min(22, h * 0.24);
  const body = `M${-side} ${-h / 2} H${side} V${waist}`;
  return `${body} L${foot} ${h / 2} H${-foot} L${-side} ${waist} Z`;
}

/** A name on at most two lines, broken at a space or hyphen. */
export function twoLines(name: string): string[] {
  if (name.length <= 8) return [name];
  const middle = name.length / 2;
  const breaks = [...name.matchAll(/[\s-]/g)].map((one) => one.index);
  const nearest = breaks.sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))[0];
  if (nearest === undefined) return [name];
  const cut = name[nearest] === '-' ? nearest + 1 : nearest;
  return [name.slice(0, cut), name.slice(cut).trim()];
}

/** A bin: level as height with its low and high marks, what it holds, and the level in figures. */
export function BinSymbol(props: { device: Device; box: Box }): JSX.Element {
  const clip = createUniqueId();
  const levelTag = roleOf(props.device.id, 'LevelPct')?.name ?? `${props.device.id}.LevelPct`;
  const level = useTag(levelTag);
  const w = () => props.box.w;
  const h = () => props.box.h;
  const yOf = (pct: number) => h() / 2 - (h() * Math.min(100, Math.max(0, pct))) / 100;
  const pct = () => {
    const value = level().value;
    return typeof value === 'number' ? value : 0;
  };
  const marks = () =>
    [setting(props.device, 'lowPct'), setting(props.device, 'highPct')].filter(
      (one) => one !== undefined,
    );
  const name = () => {
    const code = settingText(props.device, 'material');
    const material = code === null ? undefined : materialOf(code);
    return material === undefined ? [] : twoLines(say(material.text));
  };
  return (
    <>
      <clipPath id={clip}>
        <path d={outline(w(), h())} />
      </clipPath>
      <path class="vessel" d={outline(w(), h())} />
      <g clip-path={`url(#${clip})`}>
        <rect
          class={`level q-${level().quality}`}
          x={-w() / 2}
          y={yOf(pct())}
          width={w()}
          height={h()}
        />
        <Show when={level().quality !== 'good'}>
          <rect class="hatch" x={-w() / 2} y={-h() / 2} width={w()} height={h()} />
        </Show>
      </g>
      <path class="vessel-edge" d={outline(w(), h())} />
      <For each={marks()}>
        {(mark) => <path class="level-mark" d={`M${w() / 2 - 4} ${yOf(mark)} H${w() / 2}`} />}
      </For>
      <text class="svg-id" x="0" y={-h() / 2 + 13}>
        {props.device.id}
      </text>
      <For each={name()}>
        {(line, index) => (
          <text
            class="svg-material"
            x="0"
            y={-h() / 2 + 27 + index() * 11}
            textLength={line.length * LETTER_W > w() - 4 ? w() - 6 : undefined}
            lengthAdjust="spacingAndGlyphs"
          >
            {line}
          </text>
        )}
      </For>
      <SvgValue tag={levelTag} x={0} y={h() > 80 ? h() / 2 - 26 : h() / 2 - 12} size={13} />
    </>
  );
}
