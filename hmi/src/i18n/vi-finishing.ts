/** Words of finished bins, in Vietnamese; `en-finishing.ts` has the same keys. */
export const viFinishing = {
  'command.bin.release': 'Duyệt xuất hàng',
  'command.bin.hold': 'Giữ hàng (KCS)',
  'command.bin.cleaned': 'Đã vệ sinh bồn',
  'command.load.start': 'Xuất một ngăn',
  'command.load.stop': 'Kết thúc ngăn',
  'command.load.hold': 'Giữ xuất hàng',
  'command.load.resume': 'Xuất tiếp',
  'load.bin': 'Từ bồn',
  'load.truck': 'Xe (biển số)',
  'load.kg': 'Khối lượng ngăn (kg)',
  'load.untilEmpty': 'Xả hết bồn, dừng khi bồn rỗng',
  'load.cleaned': 'Tôi đã kiểm tra ngăn sạch',
  'bin.lot': 'Lô',
  'bin.product': 'Sản phẩm',
  'bin.order': 'Lệnh',
};
