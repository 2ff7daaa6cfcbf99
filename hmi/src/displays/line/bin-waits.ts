import type { DoseProgress, LineStatus } from '../../../../server/contract/live.ts';

type WaitReason = LineStatus['reasons'][number];

/** Why a dose goes on by itself when its bin has been filled; undefined: a person must decide. */
export function binReason(
  status: LineStatus | null | undefined,
  { bin, state }: DoseProgress,
): WaitReason | undefined {
  if (state !== 'deciding' || bin === null) return undefined;
  return status?.reasons.find(
    ({ code, objects }) => code === 'dose.bin-empty' && objects['bin'] === bin,
  );
}
