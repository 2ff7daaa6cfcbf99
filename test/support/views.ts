import type { z } from 'zod';
import type { alarmViewSchema, tagValueSchema } from '../../server/contract/rest.ts';

export type { BatchView, OrderView, ProductionReport } from '../../server/contract/rest.ts';
export type AlarmView = z.infer<typeof alarmViewSchema>;
export type TagView = z.infer<typeof tagValueSchema>;
