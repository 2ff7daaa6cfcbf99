/** Words of the navigation in Vietnamese; `en-places.ts` has the same keys. */
export const viPlaces = {
  'nav.label': 'Màn hình',
  'nav.overview': 'Tổng quan',
  'nav.line': 'Dây chuyền',
  'nav.trend': 'Đồ thị',
  'nav.alarms': 'Cảnh báo',
  'nav.report': 'Báo cáo',
  'nav.records': 'Hồ sơ mẻ',
  'nav.users': 'Người dùng',
  'nav.audit': 'Nhật ký',
  'nav.group.now': 'Giám sát',
  'nav.group.making': 'Sản xuất',
  'nav.group.materials': 'Nguyên liệu',
  'nav.group.records': 'Hồ sơ',
  'nav.group.system': 'Hệ thống',
  'nav.drugs': 'Sổ thuốc',
  'nav.trace': 'Truy xuất',
} as const;
