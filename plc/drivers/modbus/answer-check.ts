/** Bytes of an exception answer: unit, function with its highest bit, code. */
const EXCEPTION_LENGTH = 3;
const EXCEPTION_BIT = 0x80;

/**
 * How long the answer to a request is that is not an exception, unit to last data byte, without a
 * CRC (Modbus Application Protocol 1.1b3, 6). Both frames begin with the unit.
 */
export function answerLength(request: Buffer): number {
  const count = request.readUInt16BE(4);
  switch (request.readUInt8(1)) {
    case 1:
    case 2:
      return 3 + Math.ceil(count / 8);
    case 3:
    case 4:
    case 23:
      return 3 + 2 * count;
    case 22:
      return 8;
    default:
      return 6;
  }
}

/** How long the answer is whose first two bytes these are. */
export function lengthOfAnswer(request: Buffer, functionCode: number): number {
  return (functionCode & EXCEPTION_BIT) === 0 ? answerLength(request) : EXCEPTION_LENGTH;
}

/**
 * Why an answer is not one to this request, or null. modbus-serial 8.0.25 reads answers less
 * strictly: it takes an exception of another unit, a byte count that contradicts the length, the
 * confirmation of a write to another register, and an echo; each could show a wrong value, or a
 * write that never was, as good.
 * @param request unit and PDU, with or without CRC.
 * @param answer unit and PDU.
 */
export function answerFault(request: Buffer, answer: Buffer): string | null {
  const { length } = answer;
  if (length < EXCEPTION_LENGTH) return `an answer of only ${length} bytes`;
  const unitId = answer.readUInt8(0);
  if (unitId !== request.readUInt8(0)) return `unit ${unitId} answered instead`;
  const code = request.readUInt8(1);
  const answered = answer.readUInt8(1);
  if (answered === (code | EXCEPTION_BIT)) {
    const isWhole = length === EXCEPTION_LENGTH && answer.readUInt8(2) !== 0;
    return isWhole ? null : 'a malformed exception';
  }
  if (answered !== code) return `an answer to function ${answered} instead of ${code}`;
  const expected = answerLength(request);
  if (length !== expected) return `an answer of ${length} bytes instead of ${expected}`;
  return contentFault(code, request, answer);
}

function contentFault(code: number, request: Buffer, answer: Buffer): string | null {
  const { length } = answer;
  if (code > 4 && code !== 23) {
    // A write is confirmed by its own address and value (functions 5, 6, 22) or count (15, 16).
    const isEcho = answer.compare(request, 0, length, 0, length) === 0;
    return isEcho ? null : 'another write was confirmed';
  }
  if (answer.readUInt8(2) !== length - 3) return 'a byte count that is not the answer’s';
  // Where a line echoes what is sent, a request for 17 to 24 bits can have the form of its answer.
  const isEcho = length === 6 && answer.compare(request, 0, length, 0, length) === 0;
  return isEcho ? 'the echo of the request' : null;
}

/** The code of an exception answer, else null. */
export function exceptionIn(answer: Buffer): number | null {
  return (answer.readUInt8(1) & EXCEPTION_BIT) === 0 ? null : answer.readUInt8(2);
}

/** What an answer to a read holds: registers, two bytes each, or packed bits. */
export function dataIn(answer: Buffer): Buffer {
  return answer.subarray(3);
}
