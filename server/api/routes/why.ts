import { z } from 'zod';
import type { Mill } from '../../../plc/mill/definition.ts';
import { reason, reasonText } from '../../../plc/model/reason.ts';
import { REASON_ACTIONS } from '../../../plc/model/reason-actions.ts';
import type { Why, WhyStep } from '../../../plc/why/facts.ts';
import { why } from '../../../plc/why/why.ts';
import type { WhyView } from '../../contract/why.ts';
import { whySchema } from '../../contract/why.ts';
import type { LiveBoard } from '../../live/live-board.ts';
import type { TagStore } from '../../tags/tag-store.ts';
import { ProblemError } from '../problem.ts';
import type { Route } from '../route.ts';
import { iso, route } from '../route.ts';

export interface WhyParts {
  readonly mill: Mill;
  readonly tags: TagStore;
  readonly board: LiveBoard;
}

/** Why something does not go on: device, route, unit, line or order. */
export function whyRoutes(parts: WhyParts): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/why/:id',
      door: 'why.read',
      tag: 'why',
      summary: {
        vi: 'Vì sao thiết bị, tuyến, dây chuyền hoặc lệnh không chạy: chuỗi nguyên nhân',
        en: 'Why a device, route, unit, line or order does not go on: the chain of causes',
      },
      params: z.strictObject({ id: z.string().min(1).max(64) }),
      response: whySchema,
      handle: ({ params }) => answer(parts, params.id),
    }),
  ];
}

function answer({ mill, tags, board }: WhyParts, id: string): WhyView {
  const value = (tag: string) => {
    const index = tags.indexOf(tag);
    return index === null ? undefined : tags.at(index);
  };
  const found = why({ mill, value, documents: board.documents(), alarms: board.alarms }, id);
  if (found === null) throw new ProblemError('not-found', { detail: id });
  // What was last heard is no answer while nothing is heard: the missing link is.
  const told = board.link.connected ? found : unheard(found);
  return viewOf(mill, told, tags.frameTimeMs);
}

function unheard({ id, steps }: Why): Why {
  const away = reason('why.controller-away');
  const step: WhyStep = {
    depth: 1,
    object: id,
    state: null,
    reason: away,
    root: true,
    action: REASON_ACTIONS[away.code] ?? null,
  };
  return { id, steps: [...steps.slice(0, 1), step], firstOut: null };
}

function viewOf(mill: Mill, { id, steps, firstOut }: Why, timeMs: number): WhyView {
  const alarm = mill.alarms.find((one) => one.id === firstOut?.alarmId);
  return {
    id,
    time: iso(timeMs),
    steps: steps.map((step) => ({
      ...step,
      reason: step.reason === null ? null : { ...step.reason, text: textsOf(step.reason) },
    })),
    firstOut:
      firstOut === null || alarm === undefined
        ? null
        : { alarmId: alarm.id, text: alarm.text, raised: iso(firstOut.raisedTimeMs) },
  };
}

function textsOf(of: NonNullable<WhyStep['reason']>): { vi: string; en: string } {
  return { vi: reasonText(of, 'vi'), en: reasonText(of, 'en') };
}
