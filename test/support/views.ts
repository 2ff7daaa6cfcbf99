import type { z } from 'zod';
import type { alarmViewSchema, tagValueSchema } from '../../server/contract/rest.ts';

export type { ProductionReport } from '../../server/contract/production-report.ts';
export type { BatchView, OrderView } from '../../server/contract/rest.ts';
export type AlarmView = z.infer<typeof alarmViewSchema>;
export type TagView = z.infer<typeof tagValueSchema>;
