/**
 * Goal: a mill of several displays is found again piece by piece: each device on one display, each
 * flow in a pipe or in a connector at both its ends, and any device by what people call it.
 */
import { describe, expect, it } from 'vitest';
import type { PlacedConnector } from '../../hmi/src/displays/overview/connectors.ts';
import { placeConnectors } from '../../hmi/src/displays/overview/connectors.ts';
import type { Connector } from '../../hmi/src/displays/overview/display-part.ts';
import { displaysFedBy, partOf } from '../../hmi/src/displays/overview/display-part.ts';
import { layout } from '../../hmi/src/displays/overview/geometry.ts';
import {
  levelGroups,
  levelRows,
  tellingMachines,
} from '../../hmi/src/displays/overview/section-values.ts';
import { searchDevices, searchIndex } from '../../hmi/src/state/device-search.ts';
import { countLooks } from '../../hmi/src/state/section-counts.ts';
import { pilot } from '../../plc/mill/mills/pilot.ts';
import { reference } from '../../plc/mill/mills/reference.ts';
import { millView } from '../../server/api/mill-view.ts';

const whole = millView(pilot);
/** The pilot mill, each area a display of its own. */
const view = {
  ...whole,
  displays: whole.areas.map(({ id, text }) => ({ id, text, areas: [id] })),
};
const parts = view.displays.map((one) => partOf(view, one.id));

function names(connectors: readonly Connector[]): string[] {
  return connectors.map((one) => `${one.device} ${one.direction} ${one.display}`).sort();
}

/** The connectors that a pipe joins to their device: all but the flags that name many arrows. */
function joined(placed: readonly PlacedConnector[]): string[] {
  return names(placed.filter(({ path }) => path !== '').map(({ connector }) => connector));
}

describe('the displays of a mill', () => {
  it('show each device once, and all devices on the only display of the pilot mill', () => {
    const shown = parts.flatMap((part) => part.devices.map((one) => one.id));
    expect([...shown].sort()).toEqual(whole.devices.map((one) => one.id).sort());
    const only = partOf(whole, 'mill');
    expect(only.devices).toHaveLength(whole.devices.length);
    expect(only.flows).toHaveLength(whole.flows.length);
    expect(only.connectors).toEqual([]);
  });

  it('draw each flow within one display, or as it leaves one and as it comes to the other', () => {
    const within = parts.flatMap((part) => part.flows);
    const ends = (direction: 'in' | 'out') =>
      parts
        .flatMap((part) => part.connectors)
        .filter((one) => one.direction === direction)
        .flatMap((one) => one.flows);
    expect(within.length + ends('out').length).toBe(view.flows.length);
    expect(new Set(ends('in'))).toEqual(new Set(ends('out')));
  });

  it('gather what one device sends to another display in one connector', () => {
    const intake = parts[view.displays.findIndex((one) => one.id === 'intake')];
    expect(
      intake?.connectors.map(({ device, direction, display }) => [device, direction, display]),
    ).toEqual([['DS101', 'out', 'storage']]);
    expect(intake?.connectors[0]?.others).toEqual(['SI201', 'SI202', 'SI203', 'SI204']);
  });

  it('put connectors where nothing else stands, inside the grid', () => {
    for (const [index, part] of parts.entries()) {
      const boxes = layout(part);
      const placed = placeConnectors(part.connectors, boxes);
      expect(joined(placed)).toEqual(names(part.connectors));
      const all = [...boxes.values(), ...placed.map((one) => one.box)];
      for (const { box, connector } of placed) {
        const name = `${connector.device} on ${view.displays[index]?.id}`;
        expect(box.x - box.w / 2, name).toBeGreaterThanOrEqual(0);
        expect(box.x + box.w / 2, name).toBeLessThanOrEqual(1_600);
        expect(box.y - box.h / 2, name).toBeGreaterThanOrEqual(0);
        expect(box.y + box.h / 2, name).toBeLessThanOrEqual(800);
        const over = all.filter(
          (one) =>
            one !== box &&
            Math.abs(one.x - box.x) * 2 < one.w + box.w &&
            Math.abs(one.y - box.y) * 2 < one.h + box.h,
        );
        expect(over, name).toEqual([]);
      }
    }
  });

  it('join every connector of the reference mill to its device, many alike under one flag', () => {
    const large = millView(reference);
    for (const { id } of large.displays) {
      const { connectors, ...drawn } = partOf(large, id);
      const placed = placeConnectors(connectors, layout(drawn));
      expect(joined(placed), id).toEqual(names(connectors));
      const flags = placed.filter((one) => one.shape === 'flag');
      const others = new Set(connectors.map((one) => `${one.direction} ${one.display}`));
      expect(flags.length, id).toBeLessThanOrEqual(3 * others.size);
      for (const { box } of placed) {
        expect(box.x - box.w / 2 >= 0 && box.x + box.w / 2 <= 1_600, id).toBe(true);
        expect(box.y - box.h / 2 >= 0 && box.y + box.h / 2 <= 800, id).toBe(true);
      }
    }
  });

  it('know where their product goes', () => {
    const feeds = displaysFedBy(view);
    expect(feeds.get('storage')).toEqual(['grinding']);
    expect(feeds.get('mixing')).toEqual(['pelleting', 'cooling']);
    expect(feeds.get('bagging')).toEqual([]);
  });
});

describe('a section of level 1', () => {
  const devicesOf = (area: string) => view.devices.filter((one) => one.area === area);

  it('shows the levels of silos, dosing and finished bins, and never more machines than asked', () => {
    expect(levelGroups(devicesOf('storage')).map(({ kind, bins }) => [kind, bins.length])).toEqual([
      ['silo', 4],
    ]);
    expect(levelGroups(devicesOf('intake'))).toEqual([]);
    expect(tellingMachines(view.devices, 3)).toHaveLength(3);
    expect(tellingMachines(devicesOf('grinding'), 8).map(({ device }) => device.id)).toEqual([
      'HM301',
    ]);
  });

  it('puts many bins in rows of about the same length', () => {
    const forty = Array.from({ length: 40 }, () => view.devices).flatMap((all) => all.slice(0, 1));
    expect(levelRows(forty).map((row) => row.length)).toEqual([20, 20]);
    expect(levelRows(forty.slice(0, 3)).map((row) => row.length)).toEqual([3]);
    expect(levelRows([])).toEqual([]);
  });

  it('counts as running only what is known to run', () => {
    const counts = countLooks([
      { look: 'on', quality: 'good' },
      { look: 'on', quality: 'stale' },
      { look: 'moving', quality: 'good' },
      { look: 'fault', quality: 'good' },
      { look: 'local', quality: 'good' },
      { look: 'unknown', quality: 'bad' },
    ]);
    expect(counts).toEqual({ devices: 6, running: 2, faulted: 1, away: 1, notGood: 2 });
  });
});

describe('the search for a device', () => {
  const index = searchIndex(whole);
  const found = (typed: string) => searchDevices(index, typed, 5).map((one) => one.id);

  it('finds a number, whole before its beginning before its middle', () => {
    expect(found('mx601')).toEqual(['MX601']);
    expect(found('G50').slice(0, 3)).toEqual(['G501', 'G502', 'G503']);
  });

  it('finds a name in both languages, with its marks and without them', () => {
    expect(found('máy trộn')[0]).toBe('MX601');
    expect(found('may tron')[0]).toBe('MX601');
    expect(found('MIXER')[0]).toBe('MX601');
    expect(found('dong bao')).toContain('BG1001');
  });

  it('finds nothing for nothing, nor for what no device is called, and never too many', () => {
    expect(found('  ')).toEqual([]);
    expect(found('nhà hát')).toEqual([]);
    expect(searchDevices(index, 'e', 5)).toHaveLength(5);
  });
});
