/** Words of finished bins, in Vietnamese; `en-finishing.ts` has the same keys. */
export const viFinishing = {
  'command.bin.release': 'Duyệt xuất hàng',
  'command.bin.hold': 'Giữ hàng (KCS)',
  'command.bin.cleaned': 'Đã vệ sinh bồn',
  'bin.lot': 'Lô',
  'bin.product': 'Sản phẩm',
  'bin.order': 'Lệnh',
};
