const TABLE = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** The check sum of an RTU frame's first `length` bytes (Modbus over Serial Line 1.02, 6.2.2). */
export function crc16(bytes: Buffer, length: number): number {
  let crc = 0xffff;
  for (let at = 0; at < length; at++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  }
  return crc;
}
