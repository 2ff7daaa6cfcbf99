import { answerFault, lengthOfAnswer } from './answer-check.ts';
import { crc16 } from './crc16.ts';

/** Something came that is not the answer to the request; the line must be made anew. */
export class MalformedAnswer extends Error {
  override readonly name = 'MalformedAnswer';
}

/** How requests and answers stand on a line. */
export interface Framing {
  /** The request, given as an RTU frame (unit, PDU, CRC), as it goes out. */
  wrap(request: Buffer): Buffer;
  /**
   * The answer, unit and PDU, in what came since the request, or null while some of it is missing.
   * @throws {MalformedAnswer} as soon as it can no longer become the one right answer.
   */
  unwrap(request: Buffer, received: Buffer): Buffer | null;
}

const CRC_LENGTH = 2;
const HEADER_LENGTH = 6;
/** Unit and the longest PDU (Modbus Messaging on TCP/IP 1.0b, 3.1.3). */
const MBAP_LENGTH_MAX = 254;

/**
 * Modbus TCP. Transaction numbers run through all 65,535 and on over a reconnect, so that a gateway
 * which answers late, on a new socket, is found out; the library's own begin anew after 256.
 */
export class MbapFraming implements Framing {
  #transaction = 0;

  wrap(request: Buffer): Buffer {
    const length = request.length - CRC_LENGTH;
    const frame = Buffer.allocUnsafe(HEADER_LENGTH + length);
    this.#transaction = (this.#transaction % 0xffff) + 1;
    frame.writeUInt16BE(this.#transaction, 0);
    frame.writeUInt16BE(0, 2);
    frame.writeUInt16BE(length, 4);
    request.copy(frame, HEADER_LENGTH, 0, length);
    return frame;
  }

  unwrap(request: Buffer, received: Buffer): Buffer | null {
    if (received.length < HEADER_LENGTH) return null;
    const transaction = received.readUInt16BE(0);
    if (transaction !== this.#transaction) {
      throw new MalformedAnswer(`transaction ${transaction} instead of ${this.#transaction}`);
    }
    if (received.readUInt16BE(2) !== 0) throw new MalformedAnswer('not the Modbus protocol');
    const length = received.readUInt16BE(4);
    if (length > MBAP_LENGTH_MAX) throw new MalformedAnswer(`a length of ${length}`);
    if (received.length < HEADER_LENGTH + length) return null;
    if (received.length > HEADER_LENGTH + length) throw new MalformedAnswer('more than one answer');
    return checked(request, received.subarray(HEADER_LENGTH));
  }
}

/**
 * RTU, on a serial line or through a socket (Modbus over Serial Line 1.02, 2.5.1). It has neither a
 * number nor a length, so the request says how long the answer is.
 */
export class RtuFraming implements Framing {
  wrap(request: Buffer): Buffer {
    return request;
  }

  unwrap(request: Buffer, received: Buffer): Buffer | null {
    if (received.length < 2) return null;
    const length = lengthOfAnswer(request, received.readUInt8(1));
    if (received.length < length + CRC_LENGTH) return null;
    if (received.length > length + CRC_LENGTH) throw new MalformedAnswer('more than one answer');
    if (received.readUInt16LE(length) !== crc16(received, length)) {
      throw new MalformedAnswer('a wrong check sum');
    }
    return checked(request, received.subarray(0, length));
  }
}

function checked(request: Buffer, answer: Buffer): Buffer {
  const fault = answerFault(request, answer);
  if (fault !== null) throw new MalformedAnswer(fault);
  return answer;
}
