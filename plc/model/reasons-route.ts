import type { Text } from './text.ts';

/** Routes and the bins between them. */
export const ROUTE_REASONS = {
  'route.reserved': {
    vi: 'Tuyến đang do {owner} giữ thiết bị {device}',
    en: '{owner} holds {device} of this route',
  },
  'route.no-path': {
    vi: 'Tuyến {route} không dẫn từ {source} tới {destination}',
    en: 'Route {route} does not lead from {source} to {destination}',
  },
  'route.busy': { vi: 'Tuyến {route} đang bận', en: 'Route {route} is busy' },
  'route.device-stopped': {
    vi: '{device} trên tuyến {route} đã dừng',
    en: '{device} on route {route} stopped',
  },
  'route.destination-full': { vi: 'Bồn đích {bin} đã đầy', en: 'Destination {bin} is full' },
  'route.queue-full': {
    vi: 'Đã có {limit} yêu cầu chờ tuyến {route}',
    en: '{limit} requests wait for route {route} already',
  },
  'route.wait-over': {
    vi: '{by} chờ tuyến {route} quá {waitS} giây',
    en: '{by} waited for route {route} for more than {waitS} s',
  },
  'route.same-destination': {
    vi: 'Tuyến {route} đang chạy tới {destination} rồi',
    en: 'Route {route} leads to {destination} already',
  },
  'bin.high': { vi: '{bin} đã tới mức cao', en: '{bin} is at its high level' },
  'bin.empty': { vi: '{bin} đã hết liệu', en: '{bin} is empty' },
  'bin.other-content': { vi: '{bin} đang chứa {content}', en: '{bin} holds {content}' },
  'bin.none-for-material': {
    vi: 'Không có bồn nào chứa {material}',
    en: 'No bin holds {material}',
  },
} as const satisfies Readonly<Record<string, Text>>;
