import { useNavigate } from '@solidjs/router';
import { type JSX, Show } from 'solid-js';
import { say, t } from '../../i18n/language.ts';
import { mill } from '../../state/mill.ts';
import { FLAG, type PlacedConnector } from './connectors.ts';
import { useFlowActive } from './flow-activity.ts';

/** A flag that points the way of the product. */
const OUTLINE = (() => {
  const [half, high, tip] = [FLAG.w / 2, FLAG.h / 2, 12];
  return `M${-half} ${-high} H${half - tip} L${half} 0 L${half - tip} ${high} H${-half} Z`;
})();

/** One of many that a flag names: points down, as product falls. */
const ARROW = 'M-9 -7 H9 L0 7 Z';

/** Letters that fit in the flag at the size of its second line. */
const LETTERS_MAX = 19;

function shortened(text: string): string {
  return text.length <= LETTERS_MAX ? text : `${text.slice(0, LETTERS_MAX - 1)}…`;
}

/**
 * Where product leaves the display or comes to it: the device over there and its display, which a
 * click opens.
 */
export function ConnectorSymbol(props: { placed: PlacedConnector }): JSX.Element {
  const navigate = useNavigate();
  const connector = props.placed.connector;
  const active = connector.flows.map((flow) => useFlowActive(flow));
  const there = () => mill().displays.find((one) => one.id === connector.display);
  const name = () => say(there()?.text ?? { vi: connector.display, en: connector.display });
  const devices = () => {
    const [first = '', ...more] = connector.others;
    return more.length === 0 ? first : `${first} +${more.length}`;
  };
  const open = () => navigate(`/display/${connector.display}`);
  const words = () =>
    t(connector.direction === 'in' ? 'display.comesFrom' : 'display.goesTo', {
      device: connector.device,
      others: connector.others.join(', '),
      display: name(),
    });
  return (
    <>
      <path class="pipe" d={props.placed.path} />
      <Show when={active.some((one) => one())}>
        <path class="pipe pipe-active" d={props.placed.path} />
      </Show>
      <g
        class="device connector"
        data-connector={connector.display}
        transform={`translate(${props.placed.box.x} ${props.placed.box.y})`}
        role="link"
        tabindex="0"
        aria-label={words()}
        onClick={open}
        onKeyDown={(event) => {
          if (event.key === 'Enter') open();
        }}
      >
        <Show
          when={props.placed.shape === 'flag'}
          fallback={<path class="connector-flag connector-arrow" d={ARROW} />}
        >
          <path class="connector-flag" d={OUTLINE} />
          <text class="connector-device" x="-5" y="-4">
            {devices()}
          </text>
          <text class="connector-display" x="-5" y="10">
            {shortened(name())}
          </text>
        </Show>
        <title>{words()}</title>
      </g>
    </>
  );
}
