/** What may be done, by the name of its door, in Vietnamese; `en-doors.ts` has the same keys. */
export const viDoors = {
  'door.session.open': 'Đăng nhập',
  'door.session.close': 'Đăng xuất',
  'door.session.password': 'Đổi mật khẩu',
  'door.users.create': 'Thêm người dùng',
  'door.users.change': 'Sửa người dùng',
  'door.users.reset-password': 'Cấp lại mật khẩu',
  'door.users.end-sessions': 'Kết thúc phiên',
  'door.orders.create': 'Lập lệnh sản xuất',
  'door.recipes.write': 'Soạn công thức',
  'door.recipes.approve': 'Duyệt hoặc ngừng công thức',
  'door.plan.write': 'Sửa kế hoạch',
  'door.plan.release': 'Phát lệnh kế hoạch',
  'door.drugs.enter': 'Ghi nhận, kiểm kê thuốc',
  'door.drugs.reconcile': 'Đối chiếu thuốc',
  'door.drugs.confirm': 'Xác nhận đối chiếu thuốc',
};
