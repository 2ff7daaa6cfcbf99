/** Words of hand-adds, of the second person and of doses in Vietnamese. */
export const viHandAdd = {
  'command.hand-add.scan': 'Quét lô',
  'command.hand-add.confirm': 'Xác nhận nạp tay',
  'handAdd.title': 'Nạp tay',
  'handAdd.nothing': 'Không có gì phải nạp tay',
  'handAdd.label': 'Mã vạch trên bao',
  'handAdd.lot': 'Lô đã quét',
  'handAdd.noLot': 'chưa quét',
  'handAdd.held': 'đang tạm giữ',
  'handAdd.drug': 'Thuốc',
  'line.second': 'Người duyệt thứ hai',
  'line.secondTitle': 'Duyệt liều thuốc {material}',
  'line.secondAsk': 'Liều thuốc ngoài dung sai phải có hai người duyệt.',
  'records.releasedBy': 'Người duyệt thứ hai',
  'records.confidence': 'Độ chắc chắn (%)',
  'records.doseDuration': 'Thời gian cân',
} as const;
